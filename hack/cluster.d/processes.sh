# shellcheck shell=bash
# Processes by record. A record (pids/NAME) holds pid, start time, boot and a digest of the command
# with its configuration. A pid counts only if start time and boot agree: a number that the system
# gave to somebody else is never signalled. The process writes the record itself, before it becomes
# the program, so a killed `up` leaves no process without a record.

boot_id() {
  cat /proc/sys/kernel/random/boot_id
}

# Start time of pid $1 in clock ticks since boot; fails when no such process lives.
start_time() {
  local stat
  local -a fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  # The name in parentheses may hold anything; what follows the last ')' is regular.
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z && ${fields[0]} != X ]] || return 1
  printf '%s\n' "${fields[19]}"
}

# Prints the pid of the recorded process $1 if that very process lives.
pid_of() {
  local pid start boot _
  { read -r pid start boot _ <"$PID_DIR/$1"; } 2>/dev/null || return 1
  [[ $boot == "$(boot_id)" && $start == "$(start_time "$pid")" ]] || return 1
  printf '%s\n' "$pid"
}

is_running() {
  pid_of "$1" >/dev/null
}

# ensure_process NAME CONFIG_FILES COMMAND...: lets the process run with this command and these
# files (one word, split at spaces): starts it, restarts it when something changed, or does nothing.
ensure_process() {
  local name=$1 config_files=$2 digest recorded=
  shift 2
  # shellcheck disable=SC2086 # a list
  digest=$({ printf '%s\0' "$@" && cat /dev/null $config_files; } | sha256sum | cut -c1-16)
  if is_running "$name"; then
    read -r _ _ _ recorded <"$PID_DIR/$name"
    [[ $recorded != "$digest" ]] || return 0
    stop_processes "$name"
  fi
  launch "$name" "$digest" "$@"
}

launch() {
  local name=$1 digest=$2 log=$LOG_DIR/$1.log
  shift 2
  rm -f "$PID_DIR/$name"
  limit_log "$log"
  # shellcheck disable=SC2016 # for the inner shell
  # The lock of this command (descriptor 9) must not live on in the process.
  setsid bash -c '
    record=$1 boot=$2 digest=$3
    shift 3
    stat=$(</proc/$$/stat)
    read -ra fields <<<"${stat##*) }"
    printf "%s %s %s %s\n" "$$" "${fields[19]}" "$boot" "$digest" >"$record.new"
    mv "$record.new" "$record"
    exec "$@"
  ' launch "$PID_DIR/$name" "$(boot_id)" "$digest" "$@" </dev/null >>"$log" 2>&1 9>&- &
  disown
  until [[ -e $PID_DIR/$name ]]; do sleep 0.01; done
}

# Logs are appended to over restarts; one that grew past 64 MiB starts anew.
limit_log() {
  if [[ -f $1 ]] && (($(stat -c %s "$1") > 64 << 20)); then mv "$1" "$1.old"; fi
}

# Ends the recorded processes: TERM to all, KILL for those that are left after 5 s.
stop_processes() {
  local name pid deadline
  for name in "$@"; do
    if pid=$(pid_of "$name"); then kill -TERM "$pid" 2>/dev/null || true; fi
  done
  deadline=$((SECONDS + 5))
  for name in "$@"; do
    while pid=$(pid_of "$name"); do
      if ((SECONDS >= deadline)); then kill -KILL "$pid" 2>/dev/null || true; fi
      sleep 0.02
    done
    rm -f "$PID_DIR/$name"
  done
}

# Pids of programs of this cluster that no record may hold: the shims that containerd starts, and
# all when the records were lost. They are known by program and by a path of this cluster in an
# argument.
unrecorded_pids() {
  local file pid
  local -a words
  for file in /proc/[0-9]*/cmdline; do
    pid=${file//[!0-9]/}
    { mapfile -d '' -t words <"$file"; } 2>/dev/null || continue
    case ${words[0]:-} in
      */etcd | */kube-apiserver | */kube-controller-manager | */kube-scheduler | */kubelet | \
        */kube-proxy | */kwok | containerd | */containerd | */containerd-shim-runc-v2)
        [[ "${words[*]}" != *"$STATE_DIR/"* && "${words[*]}" != *"$RUN_DIR/"* ]] ||
          printf '%s\n' "$pid"
        ;;
    esac
  done
}
