# One image for each service. `docker-compose up --build` builds all five; by hand:
#   docker build --build-arg SERVICE=wallet-service --build-arg MAIN=io.holdfast.wallet.WalletServiceApplication --build-arg PORT=8082 .
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUN_IMAGE=eclipse-temurin:25-jre

# Builds the five services at once; the five images share this stage.
FROM ${BUILD_IMAGE} AS build
# More arguments for Maven, for example -o with a build image that has the artifacts in it.
ARG MAVEN_OPTIONS=
WORKDIR /src
COPY . .
RUN set -e; services="saga-orchestrator order-service inventory-service wallet-service payment-service"; \
    mvn -B -q $MAVEN_OPTIONS -pl "$(echo $services | tr ' ' ',')" -am \
      -Dmaven.test.skip=true -Dspotless.check.skip=true package dependency:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory='${project.build.directory}/libraries'; \
    for service in $services; do \
      mkdir -p /out/$service/own; \
      mv $service/target/libraries /out/$service/libraries; \
      # A module of ours is what the reactor has built.
      for jar in */target/*.jar platform/*/target/*.jar; do \
        library=/out/$service/libraries/${jar##*/}; \
        if [ -e "$library" ]; then mv "$library" /out/$service/own/; fi; \
      done; \
      cp $service/target/$service-*.jar /out/$service/own/; \
    done

FROM ${RUN_IMAGE}
RUN useradd --system --uid 10001 --no-create-home holdfast
WORKDIR /app
ARG SERVICE
# What changes rarely comes first: third-party libraries are a layer of their own, our code is another.
COPY --from=build /out/${SERVICE}/libraries libraries
COPY --from=build /out/${SERVICE}/own own
ARG MAIN
ARG PORT
ENV MAIN=${MAIN} PORT=${PORT} JAVA_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError"
USER 10001
EXPOSE ${PORT}
# Without curl, which the image does not have.
HEALTHCHECK --interval=5s --timeout=3s --start-period=2m --retries=6 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["sh", "-c", "exec java $JAVA_OPTIONS --enable-native-access=ALL-UNNAMED -cp 'own/*:libraries/*' $MAIN \"$@\"", "--"]
