# shellcheck shell=bash
# Which slot a cluster has. A claim is a symbolic link in /run that names the state folder: made in
# one step, so that two `up` at once, also of two checkouts, never take the same slot.

# Sets the slot of the cluster if it has one.
load_slot() {
  [[ -r $STATE_DIR/slot ]] || return 1
  use_slot "$(<"$STATE_DIR/slot")"
}

# The same by the claim, for a cluster whose state folder was deleted while it ran.
load_claimed_slot() {
  local claim
  for claim in "$RUN_ROOT"/*.claim; do
    if [[ $(readlink "$claim") == "$STATE_DIR" ]]; then
      use_slot "$(basename "$claim" .claim)"
      return
    fi
  done
  return 1
}

claim_slot() {
  local first offset
  if [[ ! -r $STATE_DIR/slot ]] && load_claimed_slot; then take_down; fi
  mkdir -p "$RUN_ROOT" "$STATE_DIR"
  if load_slot; then
    take_claim || die "slot $SLOT of cluster '$NAME' now belongs to $(readlink "$CLAIM_FILE");" \
      "run '$(self) down' and start again"
    mkdir -p "$RUN_DIR"
    return
  fi
  first=$(cksum <<<"$STATE_DIR" | cut -d' ' -f1)
  for ((offset = 0; offset < SLOTS; offset++)); do
    use_slot $(((first + offset) % SLOTS + 1))
    if slot_is_free && take_claim; then
      printf '%s\n' "$SLOT" >"$STATE_DIR/slot"
      mkdir -p "$RUN_DIR"
      return
    fi
  done
  die "all $SLOTS slots are taken; see $RUN_ROOT"
}

take_claim() {
  ln -s "$STATE_DIR" "$CLAIM_FILE" 2>/dev/null || [[ $(readlink "$CLAIM_FILE") == "$STATE_DIR" ]]
}

# Nobody else on this machine uses the addresses or the ports of the slot.
slot_is_free() {
  [[ ! -e $CLAIM_FILE && ! -L $CLAIM_FILE ]] || [[ $(readlink "$CLAIM_FILE") == "$STATE_DIR" ]] ||
    return 1
  ! { ip -o -4 address && ip -o -4 route; } | grep -E "\b10\.(98|99|100)\.$SLOT\." >/dev/null || return 1
  [[ -z $(ss -Hltn "sport >= :$API_PORT and sport <= :$((API_PORT + 9))") ]]
}
