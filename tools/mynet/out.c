// SPDX-License-Identifier: GPL-2.0
/*
 * Output: the same values as text for people or as JSON for programs.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "mynet.h"

bool json;
static bool comma;	/* something stands before, on this level of JSON */

static void separate(void)
{
	if (comma)
		putchar(',');
	comma = true;
}

static void put_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", *text);
		else
			putchar(*text);
	}
	putchar('"');
}

static void put_key(const char *key)
{
	separate();
	put_quoted(key);
	putchar(':');
}

static void open_level(char bracket)
{
	putchar(bracket);
	comma = false;
}

static void close_level(char bracket)
{
	putchar(bracket);
	comma = true;
}

void out_begin(void)
{
	if (json)
		open_level('[');
}

void out_end(void)
{
	if (!json)
		return;
	close_level(']');
	putchar('\n');
	comma = false;
}

void out_object_begin(void)
{
	if (!json)
		return;
	separate();
	open_level('{');
}

void out_object_end(void)
{
	if (json)
		close_level('}');
}

void out_array_begin(const char *key)
{
	if (!json)
		return;
	put_key(key);
	open_level('[');
}

void out_array_end(void)
{
	if (json)
		close_level(']');
}

void out_text(const char *text)
{
	if (!json)
		fputs(text, stdout);
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

void out_string(const char *key, const char *format, const char *value)
{
	if (json && key) {
		put_key(key);
		put_quoted(value);
	} else if (!json && format) {
		printf(format, value);
	}
}

void out_number(const char *key, const char *format, unsigned long long value)
{
	if (json && key) {
		put_key(key);
		printf("%llu", value);
	} else if (!json && format) {
		printf(format, value);
	}
}

void out_flag(const char *key, const char *format)
{
	if (json && key) {
		put_key(key);
		fputs("true", stdout);
	} else if (!json && format) {
		fputs(format, stdout);
	}
}

void out_addr(const char *key, const char *format, uint32_t addr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	out_string(key, format, text);
}

void out_addr_item(const char *format, uint32_t addr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	if (json) {
		separate();
		put_quoted(text);
	} else {
		printf(format, text);
	}
}
