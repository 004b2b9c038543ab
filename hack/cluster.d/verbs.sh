# shellcheck shell=bash disable=SC2153 # NAME is set by use_name
# The verbs.

verb_up() {
  local started fake_nodes='' node='' audit=''
  while (($#)); do
    case $1 in
      --fake-nodes)
        fake_nodes=${2:-}
        [[ $fake_nodes =~ ^[0-9]{1,4}$ ]] || die_usage "--fake-nodes needs a number up to 9999"
        shift
        ;;
      --fake-nodes=*) set -- "$1" --fake-nodes "${1#*=}" "${@:2}" ;;
      --no-node) node=off ;;
      --node) node=on ;;
      --audit) audit=on ;;
      --no-audit) audit=off ;;
      *) die_usage "up does not know '$1'" ;;
    esac
    shift
  done
  check_machine
  lock_cluster
  started=$(now_ms)
  if remember_choices "$node" "$fake_nodes" "$audit" && is_all_up; then
    printf "Cluster '%s' is up already: %s\n" "$NAME" "$KUBECONFIG_FILE"
    return
  fi
  bring_up
  printf "Cluster '%s' is up, in %s s. Next:\n" "$NAME" "$(seconds $(($(now_ms) - started)))"
  printf '  export KUBECONFIG=%s\n  %s kubectl get nodes\n' "$KUBECONFIG_FILE" "$(self)"
}

# How to call this command for this cluster, for hints.
self() {
  if [[ $NAME == ork ]]; then printf hack/cluster; else printf 'hack/cluster --name %s' "$NAME"; fi
}

check_machine() {
  [[ $(uname -s) == Linux ]] ||
    die_unsupported "a local cluster needs Linux (tried: Debian 12), and this is $(uname -s)."
  ((EUID == 0)) ||
    die_unsupported "a local cluster needs root (it makes links, mounts and control groups)."
  "$REPOSITORY_DIR/hack/install" cluster || exit $?
}

# One command at a time works on a cluster. The lock ends with the process that holds it.
lock_cluster() {
  local file=$CLUSTERS_DIR/$NAME.lock
  mkdir -p "$CLUSTERS_DIR"
  exec 9>"$file"
  if ! flock -n 9; then
    printf "Waiting for another hack/cluster that works on '%s' ...\n" "$NAME"
    flock -w 900 9 || die "another hack/cluster has held '$NAME' for 15 minutes"
  fi
  # A `down` that was waited for has removed the file: then the lock is on a file nobody else sees.
  [[ $file -ef /proc/$$/fd/9 ]] || lock_cluster
}

# Writes the choices down; succeeds if none of them is new.
remember_choices() {
  local node=${1:-$(setting node on)} fake_nodes=$2 audit=${3:-$(setting audit off)} changed=0
  if [[ $(setting node "$node") == on && $node == off ]]; then
    die "cluster '$NAME' has a real node; run '$(self) down' first to go without"
  fi
  if [[ -z $fake_nodes ]]; then
    fake_nodes=$(setting fake-nodes "$([[ $node == on ]] && echo 0 || echo 1)")
  fi
  [[ $(setting node '') == "$node" ]] || changed=1
  [[ $(setting fake-nodes '') == "$fake_nodes" ]] || changed=1
  [[ $(setting audit '') == "$audit" ]] || changed=1
  remember node "$node"
  remember fake-nodes "$fake_nodes"
  remember audit "$audit"
  return "$changed"
}

# Every expected program runs what it should, and the last `up` got to its end.
is_all_up() {
  local name
  [[ -e $STATE_DIR/ready ]] && load_slot || return 1
  [[ -r $BIN_DIR/.key && $(<"$BIN_DIR/.key") == "$(build_key)" ]] || return 1
  while read -r name; do
    is_running "$name" || return 1
  done < <(expected_components)
  kubectl_here get --raw /readyz >/dev/null 2>&1
}

bring_up() {
  rm -f "$STATE_DIR/ready"
  ensure_binaries
  printf "Starting cluster '%s'\n" "$NAME"
  claim_slot
  mkdir -p "$PID_DIR" "$LOG_DIR" "$CONFIG_DIR"
  step "certificates" make_pki
  start_control_plane
  [[ $(setting node on) == off ]] || start_node
  if [[ $(setting fake-nodes 0) != 0 ]] || is_running kwok; then
    step "$(setting fake-nodes 0) fake nodes are Ready" adjust_fake_nodes "$(setting fake-nodes 0)"
  fi
  [[ $(setting fake-nodes 0) != 0 ]] || stop_processes kwok
  : >"$STATE_DIR/ready"
}

verb_down() {
  local keep=
  case ${1:-} in
    --keep-data) keep=yes ;;
    '') ;;
    *) die_usage "down does not know '$1'" ;;
  esac
  if [[ ! -d $STATE_DIR ]] && ! load_claimed_slot; then
    printf "Cluster '%s' is not there.\n" "$NAME"
    return
  fi
  ((EUID == 0)) || die_unsupported "taking a cluster down needs root."
  lock_cluster
  printf "Taking cluster '%s' down\n" "$NAME"
  if load_slot || load_claimed_slot; then take_down; fi
  if [[ -n $keep ]]; then
    rm -rf "$STATE_DIR"/{ready,pids,kubelet,containerd,pod-logs,kubectl-cache}
    printf "Cluster '%s' is down; its objects wait in %s\n" "$NAME" "$STATE_DIR"
  else
    rm -rf "$STATE_DIR" "$CLUSTERS_DIR/$NAME.lock"
    printf "Cluster '%s' is gone.\n" "$NAME"
  fi
}

verb_status() {
  case "$*" in
    '') show_status table || exit $? ;;
    '-o json' | '-ojson' | '--output=json') show_status json || exit $? ;;
    *) die_usage "status does not know '$*'" ;;
  esac
}

verb_kubeconfig() {
  [[ -r $KUBECONFIG_FILE ]] || die "cluster '$NAME' is not there; run '$(self) up'"
  printf '%s\n' "$KUBECONFIG_FILE"
}

verb_kubectl() {
  verb_kubeconfig >/dev/null
  export KUBECACHEDIR=$STATE_DIR/kubectl-cache KUBECONFIG=$KUBECONFIG_FILE
  exec "$BIN_DIR/kubectl" "$@"
}

verb_helm() {
  verb_kubeconfig >/dev/null
  "$REPOSITORY_DIR/hack/install" cluster || exit $?
  ensure_helm
  export KUBECONFIG=$KUBECONFIG_FILE
  exec "$BIN_DIR/helm" "$@"
}

verb_load() {
  (($# == 1)) || die_usage "load takes one file: an archive of 'docker save'"
  load_slot || die "cluster '$NAME' is not there; run '$(self) up'"
  load_image "$1"
}

verb_build() {
  "$REPOSITORY_DIR/hack/install" cluster || exit $?
  ensure_binaries
  printf 'The programs are in %s\n' "$BIN_DIR"
}
