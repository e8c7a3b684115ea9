#!/bin/bash
# Puts what a container runs into a folder: a JRE with the modules that Spate uses, the libraries
# without what a container never needs, and a cache of classes that a training run leaves.
#
#   scripts/image.sh TO     in a checkout that has been built; JAVA_HOME is the JDK
#
# The Dockerfile calls it, and so does `./lab image`, which measures the folder.
set -euo pipefail
from=$(cd "$(dirname "$0")/.." && pwd -P)
[ $# = 1 ] || { echo "usage: scripts/image.sh TO" >&2; exit 2; }
command -v ssh-keygen >/dev/null || { echo "image.sh: needs ssh-keygen, of the OpenSSH client" >&2; exit 1; }
mkdir -p "$1"
to=$(cd "$1" && pwd -P)
java=${JAVA_HOME:?}/bin

rm -rf "$to/jre"
"$java/jlink" --output "$to/jre" --strip-debug --no-man-pages --no-header-files --compress zip-9 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.httpserver,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

# Kafka's server and what only it needs: a container has its Kafka elsewhere.
server='kafka_2.13 kafka-server kafka-server-common kafka-metadata kafka-raft kafka-storage kafka-storage-api
    kafka-group-coordinator kafka-group-coordinator-api kafka-coordinator-common kafka-share-coordinator
    kafka-transaction-coordinator kafka-tools-api scala-library scala-reflect scala-logging_2.13 argparse4j
    jopt-simple commons-beanutils commons-collections commons-digester commons-logging commons-validator
    metrics-core-2 caffeine hash4j pcollections re2j log4j-api log4j-to-slf4j jackson-dataformat-csv'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/lib"
for jar in "$from"/target/lib/*.jar; do
    name=$(basename "$jar")
    keep=yes
    for one in $server; do
        case $name in "$one"-[0-9]* | "$one".*) keep= ;; esac
    done
    [ -z "$keep" ] || cp "$jar" "$work/lib/"
done
rm -rf "$to/lib"
"$java/java" "$from/scripts/LeanJars.java" "$work/lib" "$to/lib"

cp "$from/target/spate.jar" "$from/LICENSE" "$to/"
rm -rf "$to/config" "$to/bin"
cp -r "$from/config" "$to/config"
mkdir "$to/bin"
cp "$from/scripts/container.sh" "$to/bin/spate"

# The cache holds for exactly this JVM and class path, and for these options.
{
    printf '%s\n' -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Xlog:disable -Xlog:all=error:stderr
    printf -- '-cp\n"%s"\n' "$to/spate.jar$(printf ':%s' "$to"/lib/*.jar)"
} >"$to/java.args"

# The training run: a worker that takes shards from a real broker, and stops. It is told of a machine of
# its own that is not there, so that it does without EC2: those classes are a third of all, would make
# the cache larger by half, and are needed only after the first poll. So are the board's.
rm -f "$to/spate.aot"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/identity"
cat >"$work/hosts.yaml" <<END
hosts:
  nobody: {address: 127.0.0.1, port: 9, user: spate, identity: $work/identity, host-key: "$(cut -d' ' -f1,2 "$work/identity.pub")"}
END
"$java/java" -Xlog:disable --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$from/target/spate.jar:$from/target/lib/*" \
    dev.spate.cli.Main broker --port 0 --data "$work/broker" >"$work/broker.log" 2>&1 &
broker=$!
trap 'kill $broker 2>/dev/null || true; rm -rf "$work"' EXIT
await() { # FILE TEXT PID
    local tries=0
    until grep -q "$2" "$1"; do
        kill -0 "$3" 2>/dev/null && [ $((tries += 1)) -lt 1200 ] || { cat "$1" >&2; exit 1; }
        sleep 0.1
    done
}
touch "$work/worker.log"
await "$work/broker.log" 'ready at' $broker
export SPATE_GROUP=training SPATE_SECRET=a-secret-for-a-training-run-that-has-no-machines HOME=$work
SPATE_KAFKA_BOOTSTRAP_SERVERS=$(sed -n 's/^Kafka is ready at //p' "$work/broker.log")
export SPATE_KAFKA_BOOTSTRAP_SERVERS
"$to/bin/spate" topics --create --partitions 2 >/dev/null
SPATE_CONFIG=$work/hosts.yaml SPATE_HTTP_PORT=0 SPATE_BOARD_ENABLED=false SPATE_JAVA_OPTIONS="-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput=$to/spate.aot" \
    "$to/bin/spate" worker >"$work/worker.log" 2>&1 &
worker=$!
await "$work/worker.log" 'is open' $worker
kill $worker
wait $worker || true
[ -f "$to/spate.aot" ] || { cat "$work/worker.log" >&2; exit 1; }
du -sk "$to"/* | awk '{ all += $1; name = $2; sub(/.*\//, "", name); printf "%6.1f MB  %s\n", $1 * 1.024e-3, name }
    END { printf "%6.1f MB  in all\n", all * 1.024e-3 }'
