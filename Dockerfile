# syntax=docker/dockerfile:1
# Spate in a container: a JRE with the modules it uses, its libraries, and nothing that builds.
#
#   docker build -t spate .
#
# The base images can be pinned by digest:
#   docker build --build-arg BUILD_IMAGE=maven:3.9-eclipse-temurin-25@sha256:... .
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUN_IMAGE=debian:trixie-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY pom.xml .
COPY src/main src/main
COPY config config
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package

# RocksDB brings its library for every platform, 70 MB of them: the one of this platform stays.
ARG TARGETARCH=amd64
RUN case "$TARGETARCH" in \
      amd64) keep=librocksdbjni-linux64.so ;; \
      arm64) keep=librocksdbjni-linux-aarch64.so ;; \
      *) echo "no RocksDB for $TARGETARCH" >&2; exit 1 ;; \
    esac && \
    jar=$(ls target/lib/rocksdbjni-*.jar) && jar=$PWD/$jar && \
    mkdir /tmp/rocksdb && cd /tmp/rocksdb && jar xf "$jar" && \
    find . -name 'librocksdbjni-*' ! -name "$keep" -delete && \
    jar cfM "$jar" .

RUN jlink --output /jre --strip-debug --no-man-pages --no-header-files --compress zip-6 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

FROM ${RUN_IMAGE}
# TLS to AWS and to Kafka is checked against the JRE's own certificates.
COPY --from=build /jre /opt/spate/jre
COPY --from=build /build/target/lib /opt/spate/lib
COPY --from=build /build/target/spate.jar /opt/spate/spate.jar
COPY --from=build /build/config /opt/spate/config
COPY scripts/container.sh /opt/spate/bin/spate
COPY LICENSE /opt/spate/LICENSE
ENV PATH=/opt/spate/bin:$PATH
# /tmp must be writable: SSH and compression unpack their libraries there. All else can be read-only.
USER 65532:65532
WORKDIR /tmp
ENV HOME=/tmp SPATE_HTTP_HOST=0.0.0.0
EXPOSE 9400
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["spate", "healthy"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["spate"]
CMD ["worker"]
