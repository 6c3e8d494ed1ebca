package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.similar.MinHash;
import dev.sparktune.similar.Shingles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Pairs of rows whose texts are nearly the same. Rows meet by the bands of their MinHash signatures, of which only hashes are
 * exchanged; the texts of the candidates alone are then compared exactly.
 *
 * <p>In each pair one leads and the other follows: evaluation rows lead training rows. In a band that very many share, each is
 * compared with the first few only; which those are differs from band to band.
 */
final class NearDuplicates implements AutoCloseable {
    static final String OF_ANY = "near-duplicate";
    static final String OF_EVALUATION = "near-duplicate of an evaluation row";

    private static final int LEADERS = 4;

    private static final String SPLIT = "__split";
    private static final String BAND = "__band";
    private static final String RANK = "__rank";
    private static final String SHINGLES = "__shingles";
    private static final String LEADER = "__leader";
    private static final String LEADER_SPLIT = "__leader_split";

    private static final StructType PAIRS = new StructType()
            .add(LEADER, DataTypes.LongType)
            .add(LEADER_SPLIT, DataTypes.IntegerType)
            .add(InputTable.HASH, DataTypes.LongType)
            .add(PlacedTable.TIE, DataTypes.LongType)
            .add(PlacedTable.PLACE, DataTypes.IntegerType)
            .add(SPLIT, DataTypes.IntegerType);

    private final int train;
    private final Dataset<Row> pairs;

    private NearDuplicates(int train, Dataset<Row> pairs) {
        this.train = train;
        this.pairs = pairs;
    }

    /**
     * @param columns whose texts are compared, one behind the other
     * @param bound Jaccard similarity
     * @param acrossSplitsOnly whether pairs within one split are passed over
     */
    static NearDuplicates among(PlacedTable table, List<String> columns, double bound, boolean acrossSplitsOnly) {
        Dataset<Row> rows = table.good();
        int train = table.map().fractions().names().indexOf(SplitPlan.TRAIN);
        MinHash minHash = new MinHash(bound);
        var bands = udf((UDF1<String, long[]>) minHash::bands, DataTypes.createArrayType(DataTypes.LongType, false));
        Column text = concat_ws(
                "\n",
                columns.stream()
                        .map(name -> coalesce(InputTable.column(name).cast("string"), lit("")))
                        .toArray(Column[]::new));
        Dataset<Row> candidates = rows.select(
                        col(InputTable.HASH),
                        col(PlacedTable.TIE),
                        col(PlacedTable.PLACE),
                        table.split().as(SPLIT),
                        explode(bands.apply(text)).as(BAND))
                .withColumn(RANK, when(col(SPLIT).equalTo(train), 1).otherwise(0))
                .repartition(col(BAND))
                .sortWithinPartitions(
                        col(BAND), col(RANK), xxhash64(col(BAND), col(InputTable.HASH)), col(InputTable.HASH))
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) band -> new Candidates(band, acrossSplitsOnly),
                        Encoders.row(PAIRS))
                .distinct()
                .persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> met = candidates
                .select(col(LEADER).as(InputTable.HASH))
                .union(candidates.select(InputTable.HASH))
                .distinct();
        var shingles = udf((UDF1<String, int[]>) Shingles::of, DataTypes.createArrayType(DataTypes.IntegerType, false));
        Dataset<Row> texts = rows.join(met, rows.col(InputTable.HASH).equalTo(met.col(InputTable.HASH)), "left_semi")
                .select(col(InputTable.HASH), shingles.apply(text).as(SHINGLES));
        var alike = udf(
                (UDF2<scala.collection.Seq<Integer>, scala.collection.Seq<Integer>, Boolean>)
                        (a, b) -> Shingles.jaccard(ints(a), ints(b)) >= bound,
                DataTypes.BooleanType);
        Dataset<Row> pairs = candidates
                .join(texts.toDF(LEADER, "__of_leader"), LEADER)
                .join(texts, InputTable.HASH)
                .where(alike.apply(col("__of_leader"), col(SHINGLES)))
                .select(PAIRS.fieldNames()[0], Arrays.copyOfRange(PAIRS.fieldNames(), 1, PAIRS.size()))
                .distinct()
                .persist(StorageLevel.MEMORY_AND_DISK());
        pairs.count();
        candidates.unpersist();
        return new NearDuplicates(train, pairs);
    }

    /** A mark for every row that follows another. */
    Dataset<Row> marks() {
        return marks(pairs, OF_ANY);
    }

    /** A mark for every training row that follows an evaluation row. */
    Dataset<Row> marksInTrain() {
        return marks(pairs.where(col(SPLIT).equalTo(train).and(col(LEADER_SPLIT).notEqual(train))), OF_EVALUATION);
    }

    private static Dataset<Row> marks(Dataset<Row> pairs, String reason) {
        return pairs.select(
                        col(InputTable.HASH),
                        col(PlacedTable.TIE),
                        col(PlacedTable.PLACE),
                        lit(reason).as(PlacedTable.MARK))
                .distinct();
    }

    /** Split and split, in order → pairs found between them. */
    SortedMap<String, Long> found(List<String> splits) {
        SortedMap<String, Long> found = new TreeMap<>();
        pairs.groupBy(LEADER_SPLIT, SPLIT).count().collectAsList().forEach(row -> {
            int a = Math.min(row.getInt(0), row.getInt(1));
            int b = Math.max(row.getInt(0), row.getInt(1));
            found.merge(LeakReport.pair(splits.get(a), splits.get(b)), row.getLong(2), Long::sum);
        });
        return found;
    }

    @Override
    public void close() {
        pairs.unpersist();
    }

    private static int[] ints(scala.collection.Seq<Integer> seq) {
        int[] ints = new int[seq.size()];
        scala.collection.Iterator<Integer> iterator = seq.iterator();
        for (int i = 0; i < ints.length; i++) {
            ints[i] = iterator.next();
        }
        return ints;
    }

    /** Rows sorted by band in, pairs of a leader and a follower out; a pair that meets in several bands comes as often. */
    private static final class Candidates implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final boolean acrossSplitsOnly;
        private final List<Row> leaders = new ArrayList<>(LEADERS);
        private final Queue<Row> ready = new ArrayDeque<>(LEADERS);

        Candidates(Iterator<Row> rows, boolean acrossSplitsOnly) {
            this.rows = rows;
            this.acrossSplitsOnly = acrossSplitsOnly;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && rows.hasNext()) {
                take(rows.next());
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private void take(Row row) {
            if (!leaders.isEmpty() && !leaders.get(0).getAs(BAND).equals(row.getAs(BAND))) {
                leaders.clear();
            }
            for (Row leader : leaders) {
                boolean sameRow = leader.getAs(InputTable.HASH).equals(row.getAs(InputTable.HASH));
                boolean sameSplit = leader.getAs(SPLIT).equals(row.getAs(SPLIT));
                if (!sameRow && !(acrossSplitsOnly && sameSplit)) {
                    ready.add(leads(leader, row) ? pair(leader, row) : pair(row, leader));
                }
            }
            if (leaders.size() < LEADERS) {
                leaders.add(row);
            }
        }

        /** The same in every band: of two rows that are alike one stays. */
        private static boolean leads(Row a, Row b) {
            int rank = Integer.compare(a.getAs(RANK), b.getAs(RANK));
            return rank < 0 || rank == 0 && a.<Long>getAs(InputTable.HASH) < b.<Long>getAs(InputTable.HASH);
        }

        private static Row pair(Row leader, Row follower) {
            return RowFactory.create(
                    leader.getAs(InputTable.HASH),
                    leader.getAs(SPLIT),
                    follower.getAs(InputTable.HASH),
                    follower.getAs(PlacedTable.TIE),
                    follower.getAs(PlacedTable.PLACE),
                    follower.getAs(SPLIT));
        }
    }
}
