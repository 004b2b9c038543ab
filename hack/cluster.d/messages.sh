# shellcheck shell=bash
# What the user sees: one line a step with its seconds, and errors that say what to do.

die() {
  printf 'hack/cluster: %s\n' "$*" >&2
  exit 1
}

die_usage() {
  printf 'hack/cluster: %s\nSee hack/cluster --help.\n' "$1" >&2
  exit 2
}

# The machine can't hold a cluster: one sentence, and the way around it.
die_unsupported() {
  printf 'hack/cluster: %s\n' "$1" >&2
  printf '%s\n' \
    'To use a cluster you already have instead, set KUBECONFIG to its kubeconfig file (kubectl get' \
    'nodes must work): the other verbs then use that cluster, and hack/cluster is not needed.' >&2
  exit 2
}

now_ms() {
  local now=$EPOCHREALTIME
  printf '%s\n' "$((${now/[.,]/} / 1000))"
}

# step TEXT COMMAND...: runs the command and prints the text with the seconds it took.
step() {
  local text=$1 started ended
  shift
  started=$(now_ms)
  "$@"
  ended=$(now_ms)
  printf '  %-52s %5s s\n' "$text" "$(seconds $((ended - started)))"
}

seconds() {
  printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100))
}

# wait_for WHAT SECONDS PROCESS COMMAND...: asks every 0.1 s until the command succeeds. Gives up at
# once when the process behind it has ended, and shows the end of its log.
wait_for() {
  local what=$1 limit=$2 process=$3 deadline
  shift 3
  deadline=$((SECONDS + limit))
  until "$@" >/dev/null 2>&1; do
    if ! is_running "$process"; then
      tail -5 "$LOG_DIR/$process.log" >&2 || true
      die "$process ended while waiting for $what; its log is $LOG_DIR/$process.log"
    fi
    if ((SECONDS >= deadline)); then
      tail -5 "$LOG_DIR/$process.log" >&2 || true
      die "$what did not come within $limit s; see $LOG_DIR/$process.log"
    fi
    sleep 0.1
  done
}
