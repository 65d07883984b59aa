# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Packages of Debian's archive, unpacked into the cache; nothing of the machine's own is touched.
# Sourced, after lib.sh, by what fills the cache.
# shellcheck disable=SC2154 # cache: lib.sh

# The mirror this machine already uses; LABEL as apt names it.
debian_site() {
	# shellcheck disable=SC2016 # the variables are apt's
	apt-get indextargets --format '$(SITE)|$(LABEL)' 'Created-By: Packages' 2> /dev/null |
		awk -F'|' -v label="$1" '$2 == label { print $1; exit }'
}

# Into the cache, for scripts that say with have() whether it is there and get it with fetch(). Others that
# want the same wait.
fetch_once() {	# fetch_once NAME
	! have || return 0
	mkdir -p "$cache"
	exec 9> "$cache/.lock-$1"
	flock 9
	have || fetch
	exec 9>&-
}

# An apt of our own in folder $2 for the suites that follow: it knows no installed package, so
# that what it resolves is whole, and it leaves the machine's apt alone. $1 is what it is for, in
# the names of logs.
private_apt() {
	local dir=$2 suite site security
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	site=$(debian_site Debian)
	[ -n "$site" ] || { as_root apt-get -q update > /dev/null; site=$(debian_site Debian); }
	[ -n "$site" ] || die "apt knows no Debian mirror: add one to /etc/apt/sources.list"
	security=$(debian_site Debian-Security)

	apt_for=$1
	mkdir -p "$dir"/{lists/partial,archives/partial,state}
	: > "$dir/status"
	for suite in "${@:3}"; do
		echo "deb [signed-by=$keyring] $site $suite main"
		if [ "$suite" = bookworm ] && [ -n "$security" ]; then
			echo "deb [signed-by=$keyring] $security bookworm-security main"
		fi
	done > "$dir/sources.list"
	cat > "$dir/apt.conf" <<-EOF
	Dir::State "$dir/state";
	Dir::State::lists "$dir/lists";
	Dir::State::status "$dir/status";
	Dir::Cache "$dir";
	Dir::Cache::archives "$dir/archives";
	Dir::Etc::sourcelist "$dir/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	APT::Sandbox::User "$(id -un)";
	Acquire::Retries "3";
	Acquire::http::Timeout "60";
	EOF
	export APT_CONFIG=$dir/apt.conf
	run_quietly "$cache/log/apt-$apt_for" "reading Debian's list of packages ($suite)" \
		apt-get -q update
}

# Names of the packages that installing "$@" would take, one a line.
closure_of() {
	apt-get -s -q --no-install-recommends install "$@" 2> /dev/null |
		awk '$1 == "Inst" { print $2 }'
}

# Download the packages named on standard input and unpack them into $1.
unpack_packages() {
	local root=$1 deb names
	mapfile -t names
	mkdir -p "$root" "$root.debs"
	run_quietly "$cache/log/download-$apt_for" "downloading Debian packages ($apt_for)" \
		env -C "$root.debs" apt-get -q download "${names[@]}"
	# base-files first: it brings the links that join /lib to /usr/lib
	for deb in "$root.debs"/base-files_*.deb "$root.debs"/*.deb; do
		[ ! -e "$deb" ] || dpkg-deb -x "$deb" "$root" ||
			die "cannot unpack $deb: is the disk full?"
	done
	rm -rf "$root.debs"
}
