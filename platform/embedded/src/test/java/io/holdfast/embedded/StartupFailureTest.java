package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupFailureTest {

  private static final Path FOLDER = Path.of("data", "postgres");
  private static final Path LOG = FOLDER.resolve("postgres.log");

  @Test
  void saysThatTheDiskIsFull() {
    var failure =
        StartupFailure.of(
            new FileSystemException("data/postgres/x", null, "No space left on device"), FOLDER);

    assertThat(failure).hasMessageContaining("is full: free at least 300 MB");
  }

  @Test
  void saysThatPermissionIsMissing() {
    var failure = StartupFailure.of(new AccessDeniedException("data/postgres"), FOLDER);

    assertThat(failure).hasMessageContaining("No permission to write to data");
  }

  @Test
  void namesAnUnknownFailureAndItsFolder() {
    var failure = StartupFailure.of(new IOException("strange"), FOLDER);

    assertThat(failure).hasMessageContaining("postgres cannot be used (IOException: strange)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PANIC:  could not write to file "x": No space left on device                  | is full: free at least
          LOG:  could not bind IPv4 address "127.0.0.1": Address already in use         | Port 5544, which PostgreSQL needs, is taken
          initdb: error: could not create directory "x": Permission denied              | No permission to write to
          FATAL:  data directory "x" has wrong ownership                                | No permission to write to
          FATAL:  could not create shared memory segment: Cannot allocate memory        | give /dev/shm at least
          FATAL:  "x" is not a valid data directory                                     | "x" is not a valid data directory; see
          DETAIL: initialized by PostgreSQL version 17, which is not compatible with this version 18.6. | made by PostgreSQL 17, this is 18.6
          something unheard of                                                          | restore it from a backup, or move it away
          """)
  void turnsWhatPostgresSaysIntoOneSentence(String said, String sentence) {
    var failure = PostgresDiagnosis.of(said, FOLDER, LOG, 5544);

    assertThat(failure.getMessage()).contains(sentence).endsWith(".").doesNotContain("\n");
  }
}
