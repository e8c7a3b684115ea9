#!/bin/bash
# Measures starting: `./lab image` makes the container's content in target/image by hand, as the Dockerfile
# does, and measures a worker in it; `./lab start` measures that worker again, and ./spate local.
#
#   scripts/start-times.sh image|start [RUNS]     in a checkout that has been built; JAVA_HOME is the JDK
#
# A worker's first poll is when it says that it runs; it is ready when it says so, with shards. Its memory
# is what is resident after half a minute without a job. It may have 768 MiB, as the Kubernetes manifest says.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd -P)
image=$home/target/image
runs=${2:-5}
work=$(mktemp -d)
broker=
worker=
trap 'kill $broker $worker 2>/dev/null || true; rm -rf "$work"' EXIT

now() { date +%s%3N; }

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

await() { # FILE TEXT PID
    until grep -q "$2" "$1"; do
        kill -0 "$3" 2>/dev/null || { cat "$1" >&2; exit 1; }
        sleep 0.02
    done
}

if [ "$1" = image ] || [ ! -f "$image/spate.aot" ]; then
    rm -rf "$image"
    "$home/scripts/image.sh" "$image"
fi

touch "$work/broker.log"
"$home/spate" broker --port 0 --data "$work/broker" >"$work/broker.log" 2>&1 &
broker=$!
await "$work/broker.log" 'ready at' $broker
export SPATE_GROUP=measured SPATE_SECRET=a-secret-for-a-worker-that-has-no-machines HOME=$work SPATE_HTTP_PORT=0
SPATE_KAFKA_BOOTSTRAP_SERVERS=$(sed -n 's/^Kafka is ready at //p' "$work/broker.log")
export SPATE_KAFKA_BOOTSTRAP_SERVERS
export SPATE_EC2_ENDPOINT=http://127.0.0.1:9 AWS_REGION=eu-west-1
export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated SPATE_JAVA_OPTIONS=-XX:MaxRAM=768m
"$image/bin/spate" topics --create --partitions 12 >/dev/null

for run in $(seq "$runs"); do
    : >"$work/worker.log"
    start=$(now)
    "$image/bin/spate" worker >"$work/worker.log" 2>&1 &
    worker=$!
    await "$work/worker.log" 'Worker of group' $worker
    polled=$(($(now) - start))
    processor=$(awk '{ print ($14 + $15) * 10 }' /proc/$worker/stat)
    await "$work/worker.log" 'is open' $worker
    opened=$(($(now) - start))
    sleep 30
    resident=$(awk '/VmRSS/ { print int($2 / 1024) }' /proc/$worker/status)
    kill $worker
    wait $worker || true
    echo "$polled" >>"$work/polled"
    echo "$opened" >>"$work/opened"
    echo "$processor" >>"$work/processor"
    echo "$resident" >>"$work/resident"
    echo "run $run: first poll after $polled ms ($processor ms of CPU), first shard after $opened ms, resident $resident MiB" >&2
done
echo "worker, $runs runs, medians: first poll after $(median <"$work/polled") ms ($(median <"$work/processor") ms of CPU), first shard after $(median <"$work/opened") ms, resident after 30 s $(median <"$work/resident") MiB"
kill $broker
wait $broker || true

if [ "$1" = start ]; then
    unset "${!SPATE_@}"
    for run in $(seq "$runs"); do
        : >"$work/local.log"
        start=$(now)
        "$home/spate" local --kafka-port 0 --http-port 0 --data "$work/local-$run" >"$work/local.log" 2>&1 &
        worker=$!
        await "$work/local.log" 'Spate is ready' $worker
        took=$(($(now) - start))
        kill $worker
        wait $worker || true
        echo "$took" >>"$work/local"
        echo "run $run: spate local ready after $took ms" >&2
    done
    echo "spate local, $runs runs, median: ready after $(median <"$work/local") ms"
fi
