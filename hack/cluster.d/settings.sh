# shellcheck shell=bash disable=SC2034 # the settings are read by the other parts
# Where everything of one cluster lives, and the addresses and ports it uses.
#
# A cluster has a name (people use it) and a slot, a number from 1 to 200 (the machine uses it): the
# slot gives addresses, ports, the names of links and control groups, so that clusters don't meet.

readonly KUBERNETES_VERSION=v1.34.4
readonly KWOK_VERSION=v0.8.0
readonly HELM_VERSION=v3.22.0
readonly NODE_NAME=node-0
readonly SLOTS=200
readonly BUSYBOX_TAG=1.36

PARTS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPOSITORY_DIR=$(cd "$PARTS_DIR/../.." && pwd)
CLUSTERS_DIR=$REPOSITORY_DIR/.cluster
BIN_DIR=$CLUSTERS_DIR/bin
CACHE_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/ork-cluster
# What must vanish with a reboot: sockets (a socket's path may not exceed 107 bytes, so they can't
# live in the checkout), containerd's running state, the node's network namespace.
RUN_ROOT=/run/ork-cluster

# Sets the paths of the cluster named $1.
use_name() {
  NAME=$1
  [[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ && $NAME != bin && $NAME != images ]] ||
    die_usage "'$NAME' is no cluster name: use 1 to 32 of a-z, 0-9 and '-', but not bin or images"
  STATE_DIR=$CLUSTERS_DIR/$NAME
  PKI_DIR=$STATE_DIR/pki
  LOG_DIR=$STATE_DIR/logs
  PID_DIR=$STATE_DIR/pids
  CONFIG_DIR=$STATE_DIR/config
  KUBECONFIG_FILE=$STATE_DIR/admin.kubeconfig
}

# Sets what follows from the slot $1.
use_slot() {
  SLOT=$1
  HOST_IP=10.99.$SLOT.1
  NODE_IP=10.99.$SLOT.2
  POD_CIDR=10.100.$SLOT.0/24
  SERVICE_CIDR=10.98.$SLOT.0/24
  SERVICE_API_IP=10.98.$SLOT.1
  SERVICE_DNS_IP=10.98.$SLOT.10
  API_PORT=$((21000 + SLOT * 10))
  CONTROLLER_MANAGER_PORT=$((API_PORT + 1))
  SCHEDULER_PORT=$((API_PORT + 2))
  RUN_DIR=$RUN_ROOT/$SLOT
  CLAIM_FILE=$RUN_ROOT/$SLOT.claim
  LINK=ork-$SLOT
  CGROUP=ork-cluster-$SLOT
  NETNS=$RUN_DIR/netns
  CONTAINERD_SOCKET=$RUN_DIR/containerd.sock
  ETCD_SOCKET=$RUN_DIR/etcd.sock
}

# Fills the @NAMES@ of templates/$1 with the variables of the same names; writes the file $2, or
# leaves it alone when its content is right already (so that nothing restarts for nothing).
render() {
  local text key
  text=$(<"$PARTS_DIR/templates/$1")
  while [[ $text =~ @([A-Z_]+)@ ]]; do
    key=${BASH_REMATCH[1]}
    text=${text//"@$key@"/"${!key}"}
  done
  [[ -f $2 && $(<"$2") == "$text" ]] || printf '%s\n' "$text" >"$2"
}

# Remembered choices of the cluster (fake nodes, real node, audit): one small file each.
setting() {
  local file=$STATE_DIR/settings/$1
  if [[ -r $file ]]; then cat "$file"; else printf '%s\n' "$2"; fi
}

remember() {
  mkdir -p "$STATE_DIR/settings"
  printf '%s\n' "$2" >"$STATE_DIR/settings/$1"
}
