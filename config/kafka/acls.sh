#!/bin/sh
# Gives Spate's users the rights of acls.txt, beside this file.
#
#   KAFKA_ACLS="kafka-acls.sh --bootstrap-server kafka:9092 --command-config admin.properties" \
#       config/kafka/acls.sh builds
#
# Who makes the topics (spate topics --create) is somebody with more rights.
set -eu
group=${1:?the name of the group, as SPATE_GROUP has it}
here=$(cd "$(dirname "$0")" && pwd)

sed -e '/^#/d' -e '/^$/d' -e "s/GROUP/$group/" "$here/acls.txt" |
    while read -r user kind pattern name operations; do
        set --
        for operation in $operations; do
            set -- "$@" --operation "$operation"
        done
        # KAFKA_ACLS is split into words on purpose.
        # shellcheck disable=SC2086
        ${KAFKA_ACLS:-kafka-acls.sh --bootstrap-server localhost:9092} --add \
            --allow-principal "User:$user" --resource-pattern-type "$pattern" "--$kind" "$name" "$@" </dev/null
    done
