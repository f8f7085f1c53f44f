#!/usr/bin/env bash
# Runs the pipeline that `orgit init --pipeline` writes, with gitlab-ci-local, on the sample
# municipality and against stand-ins: a merge request, main, a night. First it holds the file
# against GitLab's own schema, and sees that each kind of pipeline has its jobs and no others.
#
#   trial.sh ORGIT            the program to run it with
#
# It needs node 20 and npm, git, rsync and curl, and installs what is missing where it may
# (as root). Where it cannot, it says what it left out; with CI=true that is a failure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
orgit=$(realpath "$1")
version=4.70.0 # the newest that runs with node 20, which Debian's own packages are near

left_out() {
	echo "the pipeline was not run: $*"
	[ "${CI:-}" != true ] || exit 1
	exit 0
}

work=$(mktemp -d)
standins=""
finish() {
	[ -z "$standins" ] || { kill "$standins" 2>/dev/null && wait "$standins" 2>/dev/null; } || true
	rm -rf "$work"
}
trap finish EXIT

missing=""
for tool in git rsync curl; do command -v "$tool" >/dev/null || missing="$missing $tool"; done
command -v npm >/dev/null || missing="$missing nodejs npm"
if [ -n "$missing" ]; then
	[ "$(id -u)" = 0 ] || left_out "only root can install$missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	{ apt-get install -y -qq --no-install-recommends $missing ||
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; }; } >/dev/null 2>&1 ||
		left_out "there is no package of$missing to be had"
fi
packages="gitlab-ci-local@$version"
[ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -ge 20 ] || packages="$packages node@22"
# shellcheck disable=SC2086
npm install --prefix "$work/npm" --silent --no-audit --no-fund --no-update-notifier $packages >"$work/npm.log" 2>&1 || {
	tail -n 20 "$work/npm.log"
	left_out "npm cannot install $packages"
}

mkdir "$work/bin" "$work/keys" "$work/home"
cp "$orgit" "$work/bin/orgit"
(cd "$here/../.." && go vet ./.ci/pipeline && go build -o "$work/bin/standins" ./.ci/pipeline)
"$work/bin/standins" "$work/keys" "$work/newest.snapshot" >"$work/standins.log" 2>&1 &
standins=$!
for _ in $(seq 100); do [ -e "$work/keys/ready" ] || sleep 0.1; done
[ -e "$work/keys/ready" ] || { cat "$work/standins.log"; exit 1; }

# Nothing of the surroundings may get into a job: no variable of another step, no settings of whoever runs this.
clean() {
	env -i PATH="$work/bin:$work/npm/node_modules/.bin:$PATH" HOME="$work/home" LANG=C.UTF-8 \
		GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@korsbaek.example GIT_COMMITTER_NAME=Test GIT_COMMITTER_EMAIL=test@korsbaek.example "$@"
}
# One job after the other, as the resource group of main's jobs has it, which gitlab-ci-local does not emulate.
ci() { # VARIABLES-FILE OPTION…
	local variables=$1
	shift
	(cd "$work/k" && clean gitlab-ci-local --file "${file:-../ci/organisation.yml}" --state-dir ../state --home "$work/home" \
		--variables-file "$variables" --force-shell-executor --concurrency 1 --variable CI_PROJECT_ID=1 \
		--ignore-predefined-vars CI_API_V4_URL,CI_PROJECT_ID,CI_PIPELINE_SOURCE,CI_COMMIT_BRANCH "$@" 2>&1)
}
branch=(--unset-variable CI_COMMIT_BRANCH --variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_MERGE_REQUEST_IID=7)
request=("${branch[@]}" --variable CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1)
fork=("${branch[@]}" --variable CI_MERGE_REQUEST_SOURCE_PROJECT_ID=2)
on() { # BRANCH SOURCE
	event=(--variable "CI_COMMIT_BRANCH=$1" --variable "CI_PIPELINE_SOURCE=$2")
}
# run WHAT CODE VARIABLES-FILE OPTION…: runs the jobs, shows them, and demands an exit code.
run() {
	local what=$1 want=$2 code=0
	shift 2
	ci "$@" >"$work/log" || code=$?
	# gitlab-ci-local ends with 0 when a job with allow_failure:exit_codes fails with a code that is not among them.
	if [ "$code" = 0 ] && grep -aqE '^ FAIL ' "$work/log"; then code=1; fi
	if [ "$code" != "$want" ]; then
		tail -n 100 "$work/log"
		echo "$what ended with $code, not with $want"
		exit 1
	fi
	echo "$what:$(grep -aE '^ (PASS|FAIL|WARN) ' "$work/log" | tr -s ' ' | tr '\n' ' ')"
}
said() {
	grep -aq "$1" "$work/log" || { tail -n 100 "$work/log"; echo "the pipeline did not say: $1"; exit 1; }
}
# jobs WHAT WANT OPTION…: which jobs such a pipeline has. gitlab-ci-local knows nothing of workflow, so its rules are made those
# of a job.
jobs() {
	local what=$1 want=$2 got
	shift 2
	got=$(file=../ci/workflow.yml ci ../keys/branch.yml "$@" --list-csv | grep -a ';' | tail -n +2 | cut -d ';' -f 1 | sort)
	case $got in
	*a-pipeline*) got=$(grep -v '^a-pipeline$' <<<"$got" | tr '\n' ' ') ;;
	*) got="" ;;
	esac
	[ "$got" = "$want" ] || { echo "$what has the jobs ${got:-(none)}and not ${want:-(none)}"; exit 1; }
	echo "$what: ${got:-no pipeline}"
}

clean orgit init --pipeline "$work/ci" >/dev/null
clean orgit init --sample "$work/k" >/dev/null
git init -q --bare -b main "$work/server.git"
cd "$work/k"
git config user.name Test
git config user.email test@korsbaek.example
git remote add origin "$work/server.git"
git push -q origin main
git fetch -q
git remote set-head origin main

echo "-- the schema, and which jobs there are"
sed 's/^workflow:/a-pipeline:\n  stage: check\n  script: ["true"]/' "$work/ci/organisation.yml" >"$work/ci/workflow.yml"
on main push
run "the schema" 0 ../keys/branch.yml "${event[@]}" --list
# A file of which one word is misspelt is refused, so the right one was looked at.
sed 's/allow_failure/alow_failure/' "$work/ci/organisation.yml" >"$work/ci/misspelt.yml"
file=../ci/misspelt.yml ci ../keys/branch.yml "${event[@]}" --list >"$work/log" && { echo "a misspelt keyword was not noticed"; exit 1; }
said alow_failure
jobs "a merge request" "check review " "${request[@]}"
jobs "a merge request from a fork" "" "${fork[@]}"
jobs "a push to main" "apply check-main snapshot " "${event[@]}"
on main schedule
jobs "main at night" "apply check-main drift evidence snapshot " "${event[@]}"
on main trigger
jobs "main by a trigger" "" "${event[@]}"
on merge-queue schedule
jobs "the schedule on merge-queue" "merge " "${event[@]}"
on merge-queue push
jobs "a push to merge-queue" "" "${event[@]}"
on forslag push
jobs "a push to another branch" "" "${event[@]}"
on forslag schedule
jobs "a schedule on another branch" "" "${event[@]}"
on applied push
jobs "a push to applied" "" "${event[@]}"

echo "-- main: the first load"
main=$work/keys/main.yml
(
	set -a
	# shellcheck disable=SC1090
	. <(sed 's/: /=/' "$main")
	clean ORGIT_EVIDENCE=branch ORGIT_ALLOWED_SIGNERS_FILE="$ORGIT_ALLOWED_SIGNERS_FILE" ORGIT_SIGNING_KEY_FILE="$ORGIT_SIGNING_KEY_FILE" \
		orgit evidence start >/dev/null
)
on main push
run "main" 0 ../keys/main.yml "${event[@]}"
said 'Applied: [0-9]* done'
[ -s "$work/state/artifacts/snapshot/orgit.snapshot" ] || { echo "the job left no snapshot"; exit 1; }

echo "-- a merge request, without the credentials of any system"
git checkout -q -b forslag main
sed -i 's/name:   "Korsbæk Museum"/name:   "Korsbæk Museum og Arkiv"/' units/museet.cue
git commit -qam "Museet får et nyt navn"
run "a merge request while there is no snapshot" 1 ../keys/branch.yml "${request[@]}" review
said 'There is no snapshot to plan from'
cp "$work/state/artifacts/snapshot/orgit.snapshot" "$work/newest.snapshot"
run "a merge request" 0 ../keys/branch.yml "${request[@]}"
said '<!-- orgit:plan v1 digest='
said 'Korsbæk Museum og Arkiv'
for left in plan.txt counts/all.json review.xml check.xml check.json; do
	[ -s "$left" ] || { echo "the merge request's jobs left no $left"; exit 1; }
done
sed -i 's/parent: "kultur-og-fritid"/parent: "kultur"/' units/museet.cue
git commit -qam "Museet får en enhed over sig, der ikke findes"
run "a merge request with a fault" 1 ../keys/branch.yml "${request[@]}"
said 'FAIL.*check'
said 'FAIL.*review'
git reset -q --hard HEAD^

echo "-- main: a night, which carries out the change"
git checkout -q main
git merge -q --no-ff -m "Merge branch 'forslag'" forslag
git push -q origin main
on main schedule
run "a night" 0 ../keys/main.yml "${event[@]}"
said 'Applied: [1-9][0-9]* done'
[ -s drift.md ] && [ -s drift.txt ] || { echo "the night left no report"; exit 1; }
sed -i 's/name:   "Korsbæk Museum og Arkiv"/name:   "Korsbæk Museum"/' units/museet.cue
git commit -qam "Museet får sit gamle navn igen"
git push -q origin HEAD:main
run "a report of drift, with something left to do" 0 ../keys/main.yml "${event[@]}" drift
said 'drift .*WARN 2'
