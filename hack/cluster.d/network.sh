# shellcheck shell=bash
# The node's network: a namespace of its own, joined to the host by one pair of links. Bridge, Pod
# links, kube-proxy's rules and kernel settings all live in it and vanish with it; the host gets one
# link, one address and three routes. No default route leads out: Pods reach the host and each
# other, nothing else.

in_node_network() {
  nsenter --net="$NETNS" "$@"
}

ensure_node_network() {
  if ! mountpoint -q "$NETNS"; then
    touch "$NETNS"
    unshare --net="$NETNS" true
  fi
  in_node_network ip link set lo up
  if ! ip link show "$LINK" >/dev/null 2>&1; then
    ip link add "$LINK" type veth peer name eth0 netns "$NETNS"
  fi
  ip link set "$LINK" up
  in_node_network ip address replace "$NODE_IP/24" dev eth0
  in_node_network ip link set eth0 up
  # Addresses of Services that no rule catches: to the host, which drops them.
  in_node_network ip route replace "$SERVICE_CIDR" via "$HOST_IP"
  in_node_network sysctl -qw net.ipv4.ip_forward=1
  ip route replace "$NODE_IP/32" dev "$LINK" src "$HOST_IP"
  ip route replace "$POD_CIDR" via "$NODE_IP" src "$HOST_IP"
  ip route replace "$SERVICE_CIDR" via "$NODE_IP" src "$HOST_IP"
}

# Removing one end of the pair removes the other, and the routes; the namespace ends with its last
# process and this mount.
remove_network() {
  if ip link show "$LINK" >/dev/null 2>&1; then ip link delete "$LINK"; fi
  if mountpoint -q "$NETNS"; then umount "$NETNS"; fi
  if ip -o -4 address show dev lo | grep -F " $HOST_IP/32 " >/dev/null; then
    ip address delete "$HOST_IP/32" dev lo
  fi
}
