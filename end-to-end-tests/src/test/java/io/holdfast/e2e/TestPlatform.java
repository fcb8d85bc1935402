package io.holdfast.e2e;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the quickstart's platform on free ports, with waits short enough for tests. */
final class TestPlatform {

  private TestPlatform() {}

  static Platform start(Path data, String... arguments) {
    var all =
        new ArrayList<>(
            List.of("--holdfast.engine.resend-after=1s", "--holdfast.engine.resend-at-most=5s"));
    all.addAll(List.of(arguments));
    return Platform.start(PlatformSettings.onFreePorts(data, all), _ -> {});
  }
}
