#!/bin/bash
# Spate in its container. `healthy` asks the worker that runs here how it is, without another JVM.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd -P)

if [ "${1:-}" = healthy ]; then
    port=${SPATE_HTTP_PORT:-9400}
    if ! { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; then
        echo "spate: nobody answers at port $port" >&2
        exit 1
    fi
    printf 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    read -r -t 4 _ status _ <&3
    [ "$status" = 200 ]
    exit
fi

case ${1:-} in
local | demo | broker)
    echo "spate: this image has no Kafka of its own; run spate $1 from a checkout" >&2
    exit 2
    ;;
esac

# Commands that stay get the optimising compiler; those that come and go start faster without it. A
# worker that has nothing to do gives memory back, and what it needs for code is bounded.
case ${1:-} in
worker | cloud)
    tuning="-XX:MaxRAMPercentage=60 -Xms32m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:ReservedCodeCacheSize=96m"
    ;;
*) tuning="-XX:TieredStopAtLevel=1" ;;
esac
# Threads of the C library would keep a heap each.
export MALLOC_ARENA_MAX=2

# Classes as the training run of image.sh has left them; a JVM that cannot use them starts without.
[ ! -f "$home/spate.aot" ] || tuning="$tuning -XX:AOTCache=$home/spate.aot"

# SPATE_JAVA_OPTIONS is split into words on purpose.
# shellcheck disable=SC2086
exec "$home/jre/bin/java" "@$home/java.args" $tuning ${SPATE_JAVA_OPTIONS:-} dev.spate.cli.Main "$@"
