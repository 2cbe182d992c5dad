#!/usr/bin/env bash
# Makes the secrets of compose.distributed.yml, once:  bash docker/secrets.sh FOLDER
# Files that are there are left alone. The master key seals the ledger's key: keep a copy of it apart from everything else.
set -euo pipefail
folder="${1:?usage: secrets.sh FOLDER}"
umask 077
mkdir -p "$folder"

secret() { [ -s "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"; }
random() { openssl rand -hex "$1"; }

secret mongo_keyfile "$(openssl rand -base64 512 | tr -d '\n')"
secret mongo_root_password "$(random 24)"
secret mongo_password "$(random 24)"
secret redis_password "$(random 24)"
secret s3_access_key "truc$(random 8)"
secret s3_secret_key "$(random 24)"
secret master_key "$(random 32)"
# What the nodes read: whole addresses, with the passwords in them.
secret mongo_url "mongodb://truc:$(cat "$folder/mongo_password")@mongo1:27017,mongo2:27017,mongo3:27017/truc?replicaSet=rs0&authSource=admin"
secret redis_url "redis://:$(cat "$folder/redis_password")@valkey:6379"
secret s3_url "http://$(cat "$folder/s3_access_key"):$(cat "$folder/s3_secret_key")@s3:7070/truc"

# The nodes run as 1000:1000 and see these files with the owner that they have here.
if [ "$(id -u)" = 0 ]; then
  (cd "$folder" && chown 1000:1000 mongo_url redis_url s3_url master_key)
elif [ "$(id -u)" != 1000 ]; then
  echo "secrets: let user 1000 read mongo_url, redis_url, s3_url and master_key" >&2
fi
