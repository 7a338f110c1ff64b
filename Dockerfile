# docker build -t convscope .   then   docker run --rm -p 8080:8080 convscope
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev cmake ninja-build pkg-config \
        libmicrohttpd-dev libgnutls28-dev libjansson-dev zlib1g-dev libzstd-dev libyaml-dev libcmark-dev libopenblas-dev \
        libzip-dev libprotobuf-c-dev protobuf-c-compiler libonnx-dev nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json ./
COPY lib lib
COPY server server
RUN cmake --preset release -DCONVSCOPE_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr/local \
    && cmake --build --preset release \
    && DESTDIR=/stage cmake --install build --component runtime --strip

FROM ${BASE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmicrohttpd12 libgnutls30 libjansson4 zlib1g libzstd1 libopenblas0-pthread \
        libzip4 libprotobuf-c1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /stage/usr/local /usr/local
# A number, so that an orchestrator can check that it is not root without reading /etc/passwd.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["convscope", "health"]
# In a container the network is what `docker run -p` or a pod's policy makes of it: who can reach it is said there.
ENTRYPOINT ["convscope", "serve", "--listen", "0.0.0.0:8080", "--insecure"]

# Last: a new revision must not cost the layers above.
ARG VERSION=1.0.0
ARG REVISION=
LABEL org.opencontainers.image.title="convscope" \
      org.opencontainers.image.description="Shows what a convolution layer does: its output shape, its weights, its feature maps" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
