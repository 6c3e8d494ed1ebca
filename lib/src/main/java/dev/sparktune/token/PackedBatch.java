package dev.sparktune.token;

import java.util.List;

/**
 * Examples laid end to end: attention stays inside each example, positions restart at 0 in each, nothing is padded. Only
 * the positions in {@code lossPositions} compute logits.
 *
 * <p>Two examples, {@code [5 6 | 7 8]} (prompt {@code 5 6}) and {@code [9 | 4]}, pack to
 *
 * <pre>
 * ids           = [5, 6, 7, 8, 9, 4]
 * starts        = [0, 4, 6]
 * lossPositions = [1, 2, 4]      the token before each target
 * targets       = [7, 8, 4]
 * </pre>
 *
 * @param ids {@code [tokens]}
 * @param starts {@code [examples + 1]}: example e is {@code ids[starts[e] .. starts[e + 1])}
 * @param lossPositions {@code [targets]}, ascending: the index into {@code ids} whose logits predict the target
 * @param targets {@code [targets]}: the token to predict there
 */
public record PackedBatch(int[] ids, int[] starts, int[] lossPositions, int[] targets) {

    /** Packs examples in their order; each contributes {@link TokenizedExample#targets()} targets. */
    public static PackedBatch of(List<TokenizedExample> examples) {
        int tokens = 0;
        int count = 0;
        for (TokenizedExample example : examples) {
            tokens += example.ids().length;
            count += example.targets();
        }
        int[] ids = new int[tokens];
        int[] starts = new int[examples.size() + 1];
        int[] lossPositions = new int[count];
        int[] targets = new int[count];
        int at = 0;
        int target = 0;
        for (int e = 0; e < examples.size(); e++) {
            TokenizedExample example = examples.get(e);
            int length = example.ids().length;
            System.arraycopy(example.ids(), 0, ids, at, length);
            for (int i = Math.max(1, example.promptLength()); i < length; i++) {
                lossPositions[target] = at + i - 1;
                targets[target++] = example.ids()[i];
            }
            at += length;
            starts[e + 1] = at;
        }
        return new PackedBatch(ids, starts, lossPositions, targets);
    }

    /** The same with so many places more before each example, of id 0: for what is no token. */
    public PackedBatch withRoom(int places) {
        int[] roomyIds = new int[ids.length + places * examples()];
        int[] roomyStarts = new int[starts.length];
        int[] roomyPositions = lossPositions.clone();
        int loss = 0;
        for (int e = 0; e < examples(); e++) {
            int moved = places * (e + 1);
            System.arraycopy(ids, starts[e], roomyIds, starts[e] + moved, starts[e + 1] - starts[e]);
            roomyStarts[e + 1] = starts[e + 1] + moved;
            while (loss < lossPositions.length && lossPositions[loss] < starts[e + 1]) {
                roomyPositions[loss++] += moved;
            }
        }
        return new PackedBatch(roomyIds, roomyStarts, roomyPositions, targets);
    }

    public int tokens() {
        return ids.length;
    }

    public int examples() {
        return starts.length - 1;
    }
}
