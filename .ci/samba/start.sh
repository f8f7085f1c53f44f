#!/bin/bash
# Starts a Samba Active Directory domain controller of one's own on a loopback
# address, for the tests that want a real directory, and prints how to reach it.
#
#   .ci/samba/start.sh STATE_DIR [ADDRESS]
#
# STATE_DIR  an empty or new folder, or one that this script made earlier
# ADDRESS    any 127.x.y.z (default 127.0.0.90). Samba's LDAP ports are fixed in
#            its source (389, 636, 3268, 3269), so it is the address that keeps
#            several domains, and a real directory on this machine, apart.
#
# ORGIT_SAMBA_FRESH=1     puts the domain back to what it was after provisioning.
# ORGIT_SAMBA_KERBEROS=1  serves Kerberos too, and gives a keytab and a
#                         ticket of the administrator, and a krb5.conf, for the
#                         tests that log in with one.
#
# The result is printed as KEY=value lines and kept in STATE_DIR/env:
#
#   set -a; . STATE_DIR/env; set +a; go test ./apply/ad/...
#
# The administrator's password is in the file that ORGIT_AD_PASSWORD_FILE names
# and nowhere else. Running the script again is harmless: a server that runs is
# left running, a domain that is there is kept. Needs root (ports below 1024, apt-get).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=$(realpath -m "${1:?usage: start.sh STATE_DIR [ADDRESS]}")
address=${2:-127.0.0.90}
realm=KORSBAEK.EXAMPLE workgroup=KORSBAEK controller=dc1
zone=${realm,,}
services=ldap
[ "${ORGIT_SAMBA_KERBEROS:-}" != 1 ] || services='ldap kdc'
base="DC=${zone//./,DC=}"
pidfile=$state/run/samba.pid

say() { printf 'samba: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Installs what is missing. The packages' own scripts must not start servers on
# this machine, which a policy-rc.d that answers 101 prevents.
install_packages() {
	local wanted=(samba samba-ad-provision samba-dsdb-modules openssl) missing=() name
	for name in "${wanted[@]}"; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "these packages are missing and only root can install them: ${missing[*]}"
	say "installing ${missing[*]}"
	local policy=/usr/sbin/policy-rc.d made=no
	if [ ! -e "$policy" ]; then
		install -m 755 /dev/stdin "$policy" <<<$'#!/bin/sh\nexit 101'
		made=yes
	fi
	local get=(apt-get install -y -qq --no-install-recommends "${missing[@]}") log=$state/log/apt.log result=0
	export DEBIAN_FRONTEND=noninteractive
	{ "${get[@]}" || { apt-get update -qq && "${get[@]}"; }; } </dev/null >"$log" 2>&1 || result=$?
	[ "$made" = no ] || rm -f "$policy"
	[ "$result" = 0 ] || { tail -n 10 "$log" >&2; die "apt-get could not install ${missing[*]}"; }
}

# Takes STATE_DIR only when it is empty or has this script's mark.
claim_state() {
	if [ -d "$state" ] && [ ! -e "$state/.orgit-samba" ] && [ -n "$(ls -A "$state")" ]; then
		die "$state holds something else; give an empty folder"
	fi
	mkdir -p "$state"/{run/ncalrpc,run/winbindd,log,tls}
	chmod 700 "$state/tls"
	touch "$state/.orgit-samba"
}

# Only LDAP is served, and Kerberos where it is asked for: no DNS, SMB or winbind is
# needed to hold users. A ticket is enough over TLS, as on Windows without the policies
# that ask for signing or channel binding.
# fsync is off, since the domain is thrown away after the tests.
write_config() {
	mkdir -p "$state"/domain/{private,state,cache,lock,dns} "$state/domain/signd"
	chmod 700 "$state/domain/private"
	chmod 750 "$state/domain/signd"
	cat >"$state/smb.conf" <<CONF
[global]
	server role = active directory domain controller
	realm = $realm
	workgroup = $workgroup
	netbios name = ${controller^^}
	server services = $services
	ldap server require strong auth = allow_sasl_over_tls
	interfaces = $address/8
	bind interfaces only = yes
	private dir = $state/domain/private
	state directory = $state/domain/state
	cache directory = $state/domain/cache
	lock directory = $state/domain/lock
	binddns dir = $state/domain/dns
	ntp signd socket directory = $state/domain/signd
	pid directory = $state/run
	ncalrpc dir = $state/run/ncalrpc
	winbindd socket directory = $state/run/winbindd
	logging = file
	log file = $state/log/samba.log
	max log size = 10000
	load printers = no
	disable spoolss = yes
	tls enabled = yes
	tls cafile = $state/tls/ca.pem
	tls certfile = $state/tls/server.pem
	tls keyfile = $state/tls/server.key
	ldb:nosync = yes
[sysvol]
	path = $state/domain/state/sysvol
[netlogon]
	path = $state/domain/state/sysvol/$zone/scripts
CONF
}

# Samba's own certificate has no subjectAltName, which Go's TLS refuses. The CA's
# key is thrown away at once: a new address gets a new CA.
make_certificate() {
	local tls=$state/tls names="DNS:$controller.$zone,DNS:$zone,DNS:localhost,IP:$address"
	[ "$(cat "$tls/names" 2>/dev/null)" = "$names" ] && [ -s "$tls/server.pem" ] && return 0
	(
		cd "$tls"
		umask 077
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
			-days 825 -subj "/CN=$workgroup test CA" \
			-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr \
			-subj "/CN=$controller.$zone"
		printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names" >extensions
		openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 \
			-extfile extensions -out server.pem
		rm -f ca.key ca.srl server.csr extensions
		printf '%s' "$names" >names
	) 2>"$state/log/openssl.log" || die "no certificate could be made; see $state/log/openssl.log"
}

provision() {
	rm -rf "$state/domain" "$state/pristine"
	write_config
	# Upper case, lower case, digits and a sign, whatever the random part gives.
	(umask 077 && printf 'Kb7-%s' "$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')" >"$state/password")
	/usr/bin/python3 "$here/provision.py" "$state/smb.conf" "$controller" "$address" "$state/password" \
		>"$state/log/provision.log" 2>&1 ||
		{ tail -n 20 "$state/log/provision.log" >&2; die "provisioning ended in an error"; }
	# The copy gets its name last, so that half a copy is never taken for one.
	cp -a "$state/domain" "$state/pristine.part"
	mv "$state/pristine.part" "$state/pristine"
}

# Prints the process id of our own server, or fails. Samba keeps its pid file open
# and overwrites its command line, so the open file is what tells it from a stranger.
running() {
	local pid
	[ -e "$pidfile" ] && pid=$(tr -dc 0-9 <"$pidfile") && [ -n "$pid" ] || return 1
	[ -n "$(find "/proc/$pid/fd" -lname "$pidfile" 2>/dev/null)" ] && echo "$pid"
}

# Succeeds when the server completes a TLS handshake that our CA vouches for.
answers() {
	timeout 5 openssl s_client -connect "$address:636" -CAfile "$state/tls/ca.pem" -verify_return_error \
		-verify_ip "$address" </dev/null >/dev/null 2>&1
}

launch() {
	if (exec 3<>"/dev/tcp/$address/636") 2>/dev/null; then
		die "$address:636 is taken by another server; stop it, or give another address"
	fi
	rm -f "$pidfile"
	samba -D -M single -s "$state/smb.conf" </dev/null >"$state/log/start.log" 2>&1 ||
		{ cat "$state/log/start.log" >&2; die "samba did not start"; }
	local deadline=$((SECONDS + 30))
	until answers; do
		if [ $SECONDS -ge $deadline ]; then
			tail -n 10 "$state/log/samba.log" >&2
			die "no answer on ldaps://$address:636 within 30 seconds"
		fi
		sleep 0.1
	done
}

# Makes what a test needs to log in with a ticket. Clients look for the controller at
# this address alone; nothing is asked of DNS.
write_kerberos() {
	cat >"$state/krb5.conf" <<CONF
[libdefaults]
	default_realm = $realm
	dns_lookup_kdc = false
	dns_lookup_realm = false
	rdns = false
	udp_preference_limit = 1
[realms]
	$realm = {
		kdc = $address:88
	}
[domain_realm]
	.$zone = $realm
	$zone = $realm
CONF
	rm -f "$state/administrator.keytab" "$state/administrator.ccache"
	(umask 077 && KRB5_CONFIG=$state/krb5.conf /usr/bin/python3 "$here/kerberos.py" "$state/smb.conf" "$state/password" \
		"ldap/$controller.$zone" "Administrator@$realm" "$state/administrator.keytab" "$state/administrator.ccache") \
		>"$state/log/kerberos.log" 2>&1 || { tail -n 5 "$state/log/kerberos.log" >&2; die "no ticket could be had"; }
}

claim_state
install_packages
if [ "${ORGIT_SAMBA_FRESH:-}" = 1 ] && [ -d "$state/pristine" ]; then
	"$here/stop.sh" "$state"
	rm -rf "$state/domain"
	cp -a "$state/pristine" "$state/domain"
fi
if ! running >/dev/null; then
	rm -rf "$state/pristine.part"
	[ -d "$state/pristine" ] || provision
	[ -d "$state/domain" ] || cp -a "$state/pristine" "$state/domain"
	write_config
	make_certificate
	launch
	running >/dev/null || die "something answers on $address:636, but it is not the server of $state"
fi
cat >"$state/env" <<ENV
ORGIT_AD_URL=ldaps://$address:636
ORGIT_AD_BASE_DN=$base
ORGIT_AD_BIND_DN=CN=Administrator,CN=Users,$base
ORGIT_AD_PASSWORD_FILE=$state/password
ORGIT_AD_CA_FILE=$state/tls/ca.pem
ENV
if [ "$services" != ldap ]; then
	write_kerberos
	cat >>"$state/env" <<ENV
ORGIT_SAMBA_SERVICE=ldap/$controller.$zone
ORGIT_SAMBA_PRINCIPAL=Administrator@$realm
ORGIT_SAMBA_KEYTAB=$state/administrator.keytab
ORGIT_SAMBA_CCACHE=$state/administrator.ccache
ORGIT_SAMBA_KRB5=$state/krb5.conf
ENV
fi
cat "$state/env"
