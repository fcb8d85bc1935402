package io.holdfast.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model's network: were it to carry too little, the exploration would prove too little. */
final class NetworkTest {

  private static final Network LOSSY = new Network.Lossy(4);

  @Test
  void carriesEqualMultisetsEquallyWhateverTheOrder() {
    long flight = flying(LOSSY, 35, 0, 7, 0);

    assertThat(flight).isEqualTo(flying(LOSSY, 0, 0, 35, 7));
    assertThat(seen(LOSSY, flight)).containsExactlyInAnyOrder(0, 7, 35);
  }

  @Test
  void losesOneCopyAtATime() {
    long flight = flying(LOSSY, 35, 0, 7, 0);

    assertThat(LOSSY.without(flight, 0)).isEqualTo(flying(LOSSY, 0, 7, 35));
    assertThat(LOSSY.without(flight, 7)).isEqualTo(flying(LOSSY, 0, 0, 35));
    assertThat(LOSSY.without(flight, 8)).isEqualTo(flight);
    assertThat(LOSSY.without(flying(LOSSY, 3), 3)).isEqualTo(Network.EMPTY);
  }

  @Test
  void losesWhatFindsNoRoom() {
    assertThat(flying(LOSSY, 1, 1, 1)).isEqualTo(flying(LOSSY, 1, 1));
    assertThat(flying(LOSSY, 1, 2, 3, 4, 5)).isEqualTo(flying(LOSSY, 1, 2, 3, 4));
  }

  @Test
  void neverForgetsWhereItIsEverlasting() {
    var everlasting = new Network.Everlasting();
    long flight = flying(everlasting, 0, 35, 0);

    assertThat(everlasting.without(flight, 0)).isEqualTo(flight);
    assertThat(seen(everlasting, flight)).containsExactly(0, 35);
  }

  private static long flying(Network network, int... messages) {
    long flight = Network.EMPTY;
    for (int message : messages) {
      flight = network.with(flight, message);
    }
    return flight;
  }

  private static List<Integer> seen(Network network, long flight) {
    var seen = new ArrayList<Integer>();
    network.forEach(flight, seen::add);
    return seen;
  }
}
