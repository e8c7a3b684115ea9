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

COPY scripts scripts
COPY LICENSE .
RUN scripts/image.sh /opt/spate

FROM ${RUN_IMAGE}
# TLS to AWS and to Kafka is checked against the JRE's own certificates.
COPY --from=build /opt/spate /opt/spate
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
