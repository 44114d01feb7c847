#!/bin/sh
# Make the secrets that are not there yet, one file each; what is there stays as it is.
#   make_secrets.sh FOLDER [HOST-OF-DATABASE [GROUP]]
# With a group (systemd) its members may read them; without (compose) the folder is for root alone, and the files are
# open to whoever they are handed to inside.
set -eu
folder=${1:?the folder for secrets} host=${2:-database} group=${3:-}
umask 077
mkdir -p "$folder"

random() { LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c "$1"; }
keep() { # NAME TEXT
  [ -e "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"
}

keep secret_key "$(random 64)"
keep database_password "$(random 40)"
keep superuser_password "$(random 40)"
keep metrics_token "$(random 40)"
# A connection that is not made within 5 seconds is told as an outage, instead of being waited for.
keep database_url "postgres://pace:$(cat "$folder/database_password")@$host:5432/pace?connect_timeout=5"
# Of these only you know what belongs in; with TLS=automatic the last two stay empty.
keep email_url "smtp+tls://NAME:PASSWORD@mail.council.example:587"
keep tls_certificate ""
keep tls_key ""

if [ -n "$group" ]; then
  chgrp -R "$group" "$folder"
  chmod 750 "$folder"
  chmod 640 "$folder"/*
else
  chmod 700 "$folder"
  chmod 444 "$folder"/*
fi
if grep -q NAME:PASSWORD "$folder/email_url"; then
  echo "Now write the address of your mail server into $folder/email_url."
fi
