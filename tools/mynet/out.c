// SPDX-License-Identifier: GPL-2.0
/*
 * Output: the same values as text for people or as JSON for programs.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "mynet.h"

bool json, pretty, coloured, oneline;
static FILE *to;	/* NULL: stdout */
static bool comma;	/* something stands before, on this level of JSON */
static unsigned int depth;

FILE *out_redirect(FILE *file)
{
	FILE *was = to;

	to = file;
	return was;
}

void out_reset(void)
{
	to = NULL;
	comma = false;
	depth = 0;
}

static FILE *out(void)
{
	return to ?: stdout;
}

static void new_line(void)
{
	unsigned int i;

	if (!pretty)
		return;
	fputc('\n', out());
	for (i = 0; i < depth; i++)
		fputs("    ", out());
}

static void separate(void)
{
	if (comma)
		fputc(',', out());
	if (depth)
		new_line();
	comma = true;
}

static void put_quoted(const char *text)
{
	fputc('"', out());
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out(), "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			fprintf(out(), "\\u%04x", *text);
		else
			fputc(*text, out());
	}
	fputc('"', out());
}

static void put_key(const char *key)
{
	separate();
	put_quoted(key);
	fputs(pretty ? ": " : ":", out());
}

static void open_level(char bracket)
{
	fputc(bracket, out());
	depth++;
	comma = false;
}

static void close_level(char bracket)
{
	depth--;
	if (comma)
		new_line();
	fputc(bracket, out());
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
	fputc('\n', out());
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

void out_group_begin(const char *key)
{
	if (!json)
		return;
	put_key(key);
	open_level('{');
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
		fputs(text, out());
}

void out_break(void)
{
	out_text(oneline ? "\\" : "\n");
}

void out_null(const char *key, const char *text)
{
	if (json) {
		put_key(key);
		fputs("null", out());
	} else {
		fputs(text, out());
	}
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

void out_string(const char *key, const char *format, const char *value)
{
	if (json && key) {
		put_key(key);
		put_quoted(value);
	} else if (!json && format) {
		fprintf(out(), format, value);
	}
}

/* Coloured is what stands for the %s of @format, as ip has it. */
static void out_coloured(const char *key, const char *format, const char *value, int colour)
{
	const char *place = format ? strstr(format, "%s") : NULL;

	if (json || !coloured || !place) {
		out_string(key, format, value);
		return;
	}
	fprintf(out(), "%.*s\033[%dm%s\033[0m", (int)(place - format), format, colour, value);
	fputs(place + 2, out());
}

void out_ifname(const char *key, const char *format, const char *name)
{
	out_coloured(key, format, name, 36);
}

void out_lladdr(const char *key, const char *format, const char *text)
{
	out_coloured(key, format, text, 33);
}

void out_number(const char *key, const char *format, unsigned long long value)
{
	if (json && key) {
		put_key(key);
		fprintf(out(), "%llu", value);
	} else if (!json && format) {
		fprintf(out(), format, value);
	}
}

void out_signed(const char *key, const char *format, long long value)
{
	if (json && key) {
		put_key(key);
		fprintf(out(), "%lld", value);
	} else if (!json && format) {
		fprintf(out(), format, value);
	}
}

void out_flag(const char *key, const char *format)
{
	if (json && key) {
		put_key(key);
		fputs("true", out());
	} else if (!json && format) {
		fputs(format, out());
	}
}

void out_addr(const char *key, const char *format, uint32_t addr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	out_coloured(key, format, text, 35);
}

void out_hex(const char *key, const char *format, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%#x", value);
	out_string(key, format, text);
}

void out_tos(const char *key, const char *format, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%02x", value);
	out_string(key, format, text);
}

void out_prefix(const char *key, uint32_t addr, unsigned int length)
{
	char text[INET_ADDRSTRLEN + 4];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	if (json && length < 32)
		snprintf(text + strlen(text), 4, "/%u", length);
	out_coloured(key, "%s", text, 35);
	if (!json && length < 32)
		fprintf(out(), "/%u", length);
}

void out_item(const char *format, const char *value)
{
	if (json) {
		separate();
		put_quoted(value);
	} else if (format) {
		fprintf(out(), format, value);
	}
}

void out_addr_item(const char *format, uint32_t addr)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, text, sizeof(text));
	if (json) {
		separate();
		put_quoted(text);
	} else {
		fprintf(out(), format, text);
	}
}
