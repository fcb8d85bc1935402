# One image per service: docker build --build-arg SERVICE=wallet-service --build-arg MAIN=io.holdfast.wallet.WalletServiceApplication .
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUN_IMAGE=eclipse-temurin:25-jre

# Builds all five services once; the five images share this stage.
FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN mvn -B -q -pl saga-orchestrator,order-service,inventory-service,wallet-service,payment-service -am \
      -Dmaven.test.skip=true -Dspotless.check.skip=true package dependency:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory='${project.build.directory}/libraries' \
    && for service in saga-orchestrator order-service inventory-service wallet-service payment-service; do \
         mkdir -p /out/$service/own && mv $service/target/libraries /out/$service/libraries \
         && mv /out/$service/libraries/*-0.1.0.jar /out/$service/own/ && cp $service/target/$service-0.1.0.jar /out/$service/own/; \
       done

FROM ${RUN_IMAGE}
ARG SERVICE
ARG MAIN
RUN useradd --system --uid 10001 --no-create-home holdfast
WORKDIR /app
# What changes rarely first: libraries are one layer, our own code another.
COPY --from=build /out/${SERVICE}/libraries libraries
COPY --from=build /out/${SERVICE}/own own
USER 10001
ENV MAIN=${MAIN} JAVA_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError"
ENTRYPOINT ["sh", "-c", "exec java $JAVA_OPTIONS --enable-native-access=ALL-UNNAMED -cp 'own/*:libraries/*' $MAIN \"$@\"", "--"]
