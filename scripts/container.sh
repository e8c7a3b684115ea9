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

# Commands that stay get the optimising compiler; those that come and go start faster without it.
case ${1:-} in
worker | local | demo | broker | cloud) tuning="-XX:MaxRAMPercentage=60" ;;
*) tuning="-XX:TieredStopAtLevel=1" ;;
esac

# SPATE_JAVA_OPTIONS is split into words on purpose.
# shellcheck disable=SC2086
exec "$home/jre/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError \
    $tuning --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    ${SPATE_JAVA_OPTIONS:-} -cp "$home/spate.jar:$home/lib/*" dev.spate.cli.Main "$@"
