# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin ngayhoi \
    && cp target/release/ngayhoi /usr/local/bin/ngayhoi

FROM debian:bookworm-slim
# The roots of trust are for a database or a webhook's receiver with TLS.
RUN apt-get -q update \
    && apt-get -q install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home ngayhoi \
    && install -d -o ngayhoi -g ngayhoi -m 0700 /var/lib/ngayhoi
COPY --from=build /usr/local/bin/ngayhoi /usr/local/bin/ngayhoi
# There is no PostgreSQL in this image: DATABASE_URL must be set.
ENV NGAYHOI_DATA_DIR=/var/lib/ngayhoi \
    NGAYHOI_LISTEN=0.0.0.0:8080
VOLUME /var/lib/ngayhoi
EXPOSE 8080
USER ngayhoi
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["ngayhoi", "healthcheck"]
ENTRYPOINT ["ngayhoi"]
CMD ["serve"]
