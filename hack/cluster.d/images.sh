# shellcheck shell=bash disable=SC2153 # NAME is set by use_name
# Images without a registry: archives in the format of `docker save` (a manifest, a configuration,
# one layer), made here for pause and busybox and imported into the node's containerd.

IMAGES_DIR=$CLUSTERS_DIR/images

make_images() {
  mkdir -p "$IMAGES_DIR"
  [[ $IMAGES_DIR/pause.tar -nt $PARTS_DIR/pause.c ]] || make_pause_image
  [[ $IMAGES_DIR/busybox.tar -nt /bin/busybox ]] || make_busybox_image
}

make_pause_image() {
  local root
  root=$(mktemp -d "$IMAGES_DIR/pause.XXXXXX")
  gcc -Os -static -o "$root/pause" "$PARTS_DIR/pause.c"
  pack_image "$root" pause '{"Entrypoint":["/pause"]}' ork.dev/pause:1
}

make_busybox_image() {
  local root applet
  root=$(mktemp -d "$IMAGES_DIR/busybox.XXXXXX")
  mkdir -p "$root"/{bin,dev,etc,home,proc,root,sys,tmp,usr/bin,var}
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  while read -r applet; do
    [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
  done < <(/bin/busybox --list)
  ln -s /bin/env "$root/usr/bin/env"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' \
    >"$root/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$root/etc/group"
  pack_image "$root" busybox '{"Cmd":["sh"],"Env":["PATH=/usr/bin:/bin"]}' \
    "busybox:$BUSYBOX_TAG" busybox:latest
}

# pack_image ROOT NAME CONFIGURATION TAGS...: writes images/NAME.tar and removes ROOT.
pack_image() {
  local root=$1 name=$2 configuration=$3 work digest
  shift 3
  work=$(mktemp -d "$IMAGES_DIR/pack.XXXXXX")
  tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
    -cf "$work/layer.tar" .
  digest=$(sha256sum <"$work/layer.tar" | cut -d' ' -f1)
  jq -nc --argjson config "$configuration" --arg layer "sha256:$digest" \
    --arg architecture "$(dpkg --print-architecture)" \
    '{architecture: $architecture, os: "linux", config: $config,
      rootfs: {type: "layers", diff_ids: [$layer]}}' >"$work/config.json"
  jq -nc '[{Config: "config.json", RepoTags: $ARGS.positional, Layers: ["layer.tar"]}]' \
    --args "$@" >"$work/manifest.json"
  tar -C "$work" -cf "$IMAGES_DIR/$name.tar.new" manifest.json config.json layer.tar
  mv "$IMAGES_DIR/$name.tar.new" "$IMAGES_DIR/$name.tar"
  rm -rf "$root" "$work"
}

import_image() {
  [[ -r $1 ]] || die "there is no readable file '$1'"
  if ! ctr --address "$CONTAINERD_SOCKET" --namespace k8s.io images import "$1" \
    >"$LOG_DIR/import.log" 2>&1; then
    tail -5 "$LOG_DIR/import.log" >&2
    die "'$1' could not be imported; is it an archive in the format of 'docker save'?"
  fi
}

# Imports the archives made here unless exactly these were imported before.
import_own_images() {
  local mark=$STATE_DIR/containerd/imported stamp
  stamp=$(stat -c '%n %Y %s' "$IMAGES_DIR"/*.tar)
  if [[ -r $mark && $(<"$mark") == "$stamp" ]]; then return; fi
  import_image "$IMAGES_DIR/pause.tar"
  import_image "$IMAGES_DIR/busybox.tar"
  printf '%s\n' "$stamp" >"$mark"
}

load_image() {
  is_running containerd || die "cluster '$NAME' has no running real node; run '$(self) up'"
  import_image "$1"
  printf 'On %s now:\n' "$NODE_NAME"
  tar -xOf "$1" manifest.json | jq -r '.[].RepoTags[]? | "  " + .'
}
