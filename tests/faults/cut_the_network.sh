#!/usr/bin/env bash
# By hand, as root: PostgreSQL at the end of a network in which, from one moment on, every packet is
# lost and nobody is told. Says what the portal answers, after how long, and when it is back.
#
#   tests/faults/cut_the_network.sh target/debug/hikae
#
# A network namespace holds the server; a wrong address in the table of neighbours loses the packets.
set -euo pipefail
program=$(realpath "$1")
programs=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | tail -1)
folder=$(mktemp -d -t hikae-network-XXXXXX)
portal=""

clean_up() {
    [ -z "$portal" ] || kill "$portal" || true
    ip netns exec hikae-faults runuser -u postgres -- "$programs/pg_ctl" stop -m immediate -D "$folder/pg" >/dev/null || true
    ip link del hikae-faults0 || true
    ip netns del hikae-faults || true
    rm -rf "$folder"
}
trap clean_up EXIT

ip netns add hikae-faults
ip link add hikae-faults0 type veth peer name hikae-faults1
ip link set hikae-faults1 netns hikae-faults
ip addr add 10.231.7.1/24 dev hikae-faults0
ip link set hikae-faults0 up
ip netns exec hikae-faults ip addr add 10.231.7.2/24 dev hikae-faults1
ip netns exec hikae-faults ip link set hikae-faults1 up

chown postgres "$folder"
runuser -u postgres -- "$programs/initdb" --username=hikae --auth=trust --no-sync -D "$folder/pg" >/dev/null
echo "host all all 10.231.7.0/24 trust" >>"$folder/pg/pg_hba.conf"
ip netns exec hikae-faults runuser -u postgres -- "$programs/pg_ctl" start -w -D "$folder/pg" -l "$folder/pg.log" \
    -o "-c listen_addresses=10.231.7.2 -c unix_socket_directories=$folder" >/dev/null
ip netns exec hikae-faults "$programs/psql" -h 10.231.7.2 -U hikae -d postgres -qc "CREATE DATABASE hikae"

cd "$folder"
export DATABASE_URL=postgres://hikae@10.231.7.2/hikae HIKAE_ALLOW_PLAINTEXT_POSTGRES=true HIKAE_LISTEN=127.0.0.1:18999
"$program" migrate >/dev/null
office=$("$program" office add --name x --plan corporate-standard --json | sed -n 's/.*"id": "\([0-9]*\)".*/\1/p')
echo 'asa-no-sanpo-ga-suki-7' | "$program" user add --email a@example.jp --name x --office "$office" --role admin >/dev/null
"$program" serve >log 2>&1 &
portal=$!
sleep 3

get() {
    curl -s -m 60 -o /dev/null -w "$1: %{http_code} after %{time_total} s\n" "http://127.0.0.1:18999$1"
}
sign_in() {
    local token
    token=$(curl -s -c jar http://127.0.0.1:18999/login | sed -n 's/.*name="csrf_token" value="\([^"]*\)".*/\1/p' | head -1)
    curl -s -m 60 -b jar -o /dev/null -w "sign-in: %{http_code} after %{time_total} s\n" --data-urlencode "csrf_token=$token" \
        --data-urlencode email=a@example.jp --data-urlencode password=asa-no-sanpo-ga-suki-7 http://127.0.0.1:18999/login
}

get /readyz
sign_in
echo "-- every packet is lost"
ip neigh replace 10.231.7.2 lladdr 02:00:00:00:00:99 dev hikae-faults0 nud permanent
get /healthz
get /readyz
sign_in
sign_in
sleep 20
echo "threads: $(find "/proc/$portal/task" -maxdepth 1 -mindepth 1 | wc -l)"
echo "-- the network is back"
ip neigh del 10.231.7.2 dev hikae-faults0
SECONDS=0
until curl -s -m 3 -o /dev/null -f http://127.0.0.1:18999/readyz; do sleep 0.2; done
echo "ready again after $SECONDS s"
sign_in
