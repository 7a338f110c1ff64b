# docker build -t convscope .   then   docker run --rm -p 127.0.0.1:8080:8080 convscope
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev cmake ninja-build pkg-config dpkg-dev file \
        libmicrohttpd-dev libgnutls28-dev libjansson-dev zlib1g-dev libzstd-dev libyaml-dev libcmark-dev libopenblas-dev \
        libzip-dev libprotobuf-c-dev protobuf-c-compiler libonnx-dev nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json CHANGELOG.md ./
COPY docker/packages docker/packages
COPY docker/systemd docker/systemd
COPY lib lib
COPY server server
RUN cmake --preset package && cmake --build --preset package && cpack --preset package

# The program's packages bring exactly what they are linked with. OpenBLAS in its variant for threads; of its LAPACK and
# Fortran the program uses nothing, but one library holds them all.
FROM ${BASE} AS run
COPY --from=build /source/build-package/packages/convscope_*.deb /source/build-package/packages/libconvscope1_*.deb /packages/
RUN apt-get update \
    && apt-get install -y --no-install-recommends libopenblas0-pthread /packages/*.deb \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /packages

FROM build AS sbom
COPY --from=run /var/lib/dpkg/status /status
COPY docker/image docker/image
RUN node docker/image/sbom.mjs /status server/web/package-lock.json \
    "$(dpkg-deb --field build-package/packages/convscope_*.deb Version)" >/sbom.cdx.json

FROM run
# What is in here: Debian's packages, and npm's that the page is made of.
COPY --from=sbom /sbom.cdx.json /usr/share/doc/convscope/sbom.cdx.json
# A number, so that an orchestrator can check that it is not root without reading /etc/passwd.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["convscope", "health"]
# In a container the network is what `docker run -p` or a pod's policy makes of it: who can reach it is said there.
ENTRYPOINT ["convscope", "serve", "--listen", "0.0.0.0:8080", "--insecure"]

# Last: a new revision must not cost the layers above.
ARG VERSION=1.0.0
ARG REVISION=
LABEL org.opencontainers.image.title="convscope" \
      org.opencontainers.image.description="Shows what a convolution layer does: its output shape, its weights, its feature maps" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
