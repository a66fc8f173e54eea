#!/usr/bin/env bash
# Call one procedure over HTTP with curl.
#
#   CHALKBELL_TOKEN=cb_... examples/call.sh workflow.v1.waiting.read
#   CHALKBELL_TOKEN=cb_... examples/call.sh workflow.v1.sign_off '{"assessment": "...", "state": "...", "seen": 0}' my-first-one
#   CHALKBELL_EMAIL=ada-stone@... CHALKBELL_PASSWORD=... examples/call.sh directory.v1.profile.read
#
# With a personal access token, or signing in with an e-mail address and a password first. The fields are a JSON object. The third
# argument goes as Idempotency-Key: asked again with the same key, for want of an answer, nothing is done twice. Prints the answer
# or the refusal; the HTTP status goes to stderr, and the exit code is 0 only if it was answered. CHALKBELL_URL says where the campus is.
set -euo pipefail

procedure=${1:?usage: CHALKBELL_TOKEN=cb_... examples/call.sh PROCEDURE [FIELDS [IDEMPOTENCY-KEY]]}
fields=${2:-"{}"}
key=${3:-}
url=${CHALKBELL_URL:-http://127.0.0.1:8080}

# Secrets go in by files that only we can read: what is on a command line every user of the machine sees.
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
credentials=()
if [[ -n ${CHALKBELL_TOKEN:-} ]]; then
    printf 'header = "Authorization: Bearer %s"\n' "$CHALKBELL_TOKEN" >"$folder/token"
    credentials=(--config "$folder/token")
else
    quote() { local text=${1//\\/\\\\}; printf '"%s"' "${text//\"/\\\"}"; }
    printf '{"email": %s, "password": %s}' "$(quote "${CHALKBELL_EMAIL:?or CHALKBELL_TOKEN}")" "$(quote "${CHALKBELL_PASSWORD:?}")" |
        curl --silent --show-error --fail-with-body --output "$folder/welcome" --cookie-jar "$folder/cookies" \
            --header "Content-Type: application/json" --data-binary @- "$url/api/sign-in" || { cat "$folder/welcome" >&2; exit 1; }
    credentials=(--cookie "$folder/cookies")
fi

status=$(curl --silent --show-error --output "$folder/answer" --write-out "%{http_code}" "${credentials[@]}" \
    --header "Content-Type: application/json" ${key:+--header "Idempotency-Key: $key"} \
    --data-binary "$fields" "$url/api/$procedure")
cat "$folder/answer"
echo
echo "HTTP $status" >&2
[[ $status == 2* ]]
