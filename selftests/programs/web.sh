#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A web server and its clients: nginx with curl, wrk and hey, which is written in Go.
. ../lib/lib.sh
. ../lib/mynet.sh
. ../lib/programs.sh
needs nginx curl wrk hey
load_family
three_hosts

megabytes=100 given=10 requests=1000 kept=1000
[ "${MYNET_KERNEL:-}" != debug ] || megabytes=5 given=2 requests=100 kept=20
mkdir "$tmp/www"
head -c ${megabytes}M /dev/urandom > "$tmp/www/large"
head -c ${given}M "$tmp/www/large" > "$tmp/given"
echo hello > "$tmp/www/small"
sum=$(sha256sum < "$tmp/www/large")
cat > "$tmp/nginx.conf" << END
daemon off;
user root;
worker_processes 2;
events { }
http {
	access_log off;
	sendfile on;
	keepalive_requests 100000;
	client_max_body_size 0;
	client_body_temp_path $tmp/body;
	proxy_temp_path $tmp/proxy;
	fastcgi_temp_path $tmp/fastcgi;
	uwsgi_temp_path $tmp/uwsgi;
	scgi_temp_path $tmp/scgi;
	server {
		listen 8080;
		root $tmp/www;
		location /put/ { dav_methods PUT; }
	}
}
END

web_server() {	# web_server SENTENCE HOST
	serve "$1" "$2" 8080 nginx -c "$tmp/nginx.conf" -e "$tmp/error-$2" -g "pid $tmp/pid-$2;" -p "$tmp"
}
large() {	# large SERVER ADDR CLIENT
	equals "$sum" "$(on "$3" curl -sS -m 300 --fail-early "http://$2:8080/large" | sha256sum)"
}
upload() {
	rm -f "$tmp/www/put/$1" &&
		(on "$3" curl -sS -m 300 --fail-early -T "$tmp/given" "http://$2:8080/put/$1") &&
		cmp "$tmp/given" "$tmp/www/put/$1" && rm "$tmp/www/put/$1"
}
many_requests() {
	(on "$3" curl -sS -m 300 --fail-early -w '%{http_code} %{num_connects}\n' -o /dev/null \
		"http://$2:8080/small?[1-$kept]") > "$tmp/answers" &&
		equals "$kept 1" "$(awk '$1 == 200 { n++; c += $2 } END { print n, c }' "$tmp/answers")"
}
many_connections() {
	(on "$3" curl -sS -m 300 --fail-early --no-keepalive -H 'Connection: close' -w '%{http_code} %{num_connects}\n' \
		-o /dev/null "http://$2:8080/small?[1-$((kept / 20))]") > "$tmp/answers" &&
		equals "$((kept / 20)) $((kept / 20))" \
			"$(awk '$1 == 200 { n++; c += $2 } END { print n, c }' "$tmp/answers")"
}
with_wrk() {
	(on "$3" wrk -t 2 -c 16 -d 1s --timeout 30s "http://$2:8080/small") > "$tmp/wrk" 2>&1
	cat "$tmp/wrk"
	! grep -qE 'Socket errors|Non-2xx' "$tmp/wrk" && grep -qE '^ *[1-9][0-9]* requests in' "$tmp/wrk"
}
with_hey() {
	(on "$3" hey -t 60 -n "$requests" -c 10 "http://$2:8080/small") > "$tmp/hey" 2>&1
	cat "$tmp/hey"
	grep -qE "\[200\]\s+$requests responses" "$tmp/hey" && ! grep -q 'Error distribution' "$tmp/hey"
}

mkdir "$tmp/www/put"
web_server "nginx runs on MYNET" "$us"
web_server "... and on the kernel's IPv4" "$peer"
ok "each is where it is thought to be" eval "is_mynets $us 8080 && ! is_mynets $peer 8080"
for_pairs "curl has $megabytes MB whole" large
for_pairs "curl gives $given MB whole" upload
for_pairs "curl asks $kept times on one connection" many_requests
for_pairs "curl asks on a connection each time" many_connections
for_pairs "wrk has an answer to each request" with_wrk
for_pairs "hey, written in Go, has $requests answers" with_hey
finish
