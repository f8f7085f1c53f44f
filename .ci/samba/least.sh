#!/usr/bin/env bash
# Proves the delegation in docs/active-directory.md: an account that has those rights and no others passes orgit doctor,
# makes units and accounts, renames, moves and closes them, and ends with an empty plan.
#
#   .ci/samba/least.sh STATE_DIR ORGIT
#
# STATE_DIR  of a domain that start.sh has started
# ORGIT      the program
set -euo pipefail
state=$(realpath "$1") orgit=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set -a
# shellcheck disable=SC1091
. "$state/env"
(umask 077 && printf 'Kb7-%s' "$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')" >"$work/password")
base="OU=Least-$$,$ORGIT_AD_BASE_DN"
ORGIT_AD_BIND_DN=$(/usr/bin/python3 "$here/delegate.py" "$state/smb.conf" "$base" "orgit-least-$$" "$work/password")
ORGIT_AD_BASE_DN=$base ORGIT_AD_PASSWORD_FILE=$work/password
export GIT_AUTHOR_NAME=CI GIT_AUTHOR_EMAIL=ci@korsbaek.example GIT_COMMITTER_NAME=CI GIT_COMMITTER_EMAIL=ci@korsbaek.example
set +a

cd "$work"
"$orgit" init repo --name 'Holmby Kommune' --cvr 99189703 --approver lone >/dev/null
cd repo
sed -i 's|^targets: {|&\n\tad: {mode: "full", upnSuffix: "least.example"}|' organisation.cue
mkdir -p people
cat >people/people.cue <<'CUE'
package org

people: {
	"p1": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c31", name: {given: "Åse", surname: "Kjær"}, accounts: "ad": name: "least-aase"
		engagements: "a": {unit: "holmby-kommune", title: "direktoer", type: "maanedsloen", from: "2020-01-01"}}
	"p2": {uuid: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c32", name: {given: "Bo", surname: "Dam"}, accounts: "ad": name: "least-bo"
		engagements: "a": {unit: "skolen", title: "sagsbehandler", type: "maanedsloen", from: "2020-01-01"}}
}
CUE
cat >units/skolen.cue <<'CUE'
package org

units: {
	"skoler": {uuid: "11111111-2222-4333-8444-555555555500", name: "Skoler", parent: "holmby-kommune", type: "forvaltning", from: "2020-01-01"}
	"skolen": {uuid: "11111111-2222-4333-8444-555555555501", name: "Skolen", parent: "holmby-kommune", type: "forvaltning", from: "2020-01-01"
		managers: "a": {person: "p1", from: "2020-01-01"}}
}
CUE
carry() {
	git add -A && git commit -qm "$1" --allow-empty
	"$orgit" apply --yes >"$work/out" || { cat "$work/out"; exit 1; }
	"$orgit" plan --detailed-exitcode >"$work/out" || { cat "$work/out"; exit 1; }
}
git add -A && git commit -qm "Forbind AD"
"$orgit" doctor --target ad >"$work/out" || { cat "$work/out"; exit 1; }
carry "Første indlæsning"
sed -i 's/"Skolen", parent: "holmby-kommune"/"Skolen og søn", parent: "skoler"/' units/skolen.cue
sed -i 's/"Kjær"/"Holm, f. Kjær=Ø"/; s/unit: "skolen"/unit: "skoler"/' people/people.cue
carry "Navne og steder"
sed -i 's/"sagsbehandler", type: "maanedsloen", from: "2020-01-01"/&, to: "2021-01-31"/' people/people.cue
carry "Fratrædelse"
echo "an account with the delegated rights alone has made, renamed, moved and closed"
