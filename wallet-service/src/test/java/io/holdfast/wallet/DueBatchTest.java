package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-S3")
class DueBatchTest {

  private final List<Integer> handled = new ArrayList<>();
  private final List<Integer> putOff = new ArrayList<>();

  private void handle(List<Integer> rows) {
    if (rows.contains(13)) {
      throw new IllegalStateException("13 cannot be handled");
    }
    handled.addAll(rows);
  }

  @Test
  void whatIsWrongIsPutOffAndAllOthersAreHandledOnce() {
    var rows = IntStream.range(0, 200).boxed().toList();

    new DueBatch<Integer>(this::handle, (row, _) -> putOff.add(row)).handle(rows);

    assertThat(putOff).containsExactly(13);
    assertThat(handled).hasSize(199).doesNotContain(13).doesNotHaveDuplicates();
  }

  @Test
  void whereNothingCanBePutOffNothingMoreIsTried() {
    var batch =
        new DueBatch<Integer>(
            this::handle,
            (_, e) -> {
              throw e;
            });

    assertThatThrownBy(() -> batch.handle(List.of(13, 14))).hasMessage("13 cannot be handled");

    assertThat(handled).isEmpty();
  }
}
