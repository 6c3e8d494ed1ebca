package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.BucketCounts;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.BucketSearch;
import dev.sparktune.split.SplitFractions;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Who goes where, and how many rows there are to go.
 *
 * @param map frozen
 * @param good rows that are not set aside (repeated ids are not known yet, and counted)
 */
record SplitPlan(BucketMap map, long good) {
    private static final int MOST_MANIFEST_BYTES = 64 << 20;

    /** The map of an earlier manifest, or null where the user names none. */
    static BucketMap frozen(SplitSettings split, Locations locations) throws IOException {
        if (split.map() == null) {
            return null;
        }
        String place = "split.map: " + Redaction.text(split.map());
        try {
            JsonNode manifest = new ObjectMapper().readTree(locations.read(split.map(), MOST_MANIFEST_BYTES));
            BucketMap map = BucketMap.fromJson(manifest.path(Manifest.BUCKET_MAP));
            if (!map.fractions().asMap().equals(split.fractions())) {
                throw new JobFailure(place + " was made for fractions " + map.fractions() + ", split.fractions is "
                        + split.fractions() + "; a frozen map keeps its own");
            }
            if (!map.salt().equals(split.salt())) {
                throw new JobFailure(place + " was made with salt '" + map.salt() + "', split.salt is '" + split.salt()
                        + "'; a frozen map keeps its own");
            }
            return map;
        } catch (JsonProcessingException e) {
            throw new JobFailure(place + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new JobFailure(place + ": " + e.getMessage(), e);
        }
    }

    /**
     * Counts the rows of each bucket and stratum, one aggregate over two columns, and searches a map unless one is frozen.
     *
     * @param frozen or null
     * @throws JobFailure when there is no row, no good one, or there are too many strata
     */
    static SplitPlan of(InputTable table, SplitSettings split, BucketMap frozen) {
        int bits = frozen == null ? BucketMap.DEFAULT_BITS : frozen.bits();
        String salt = split.salt();
        var bucketOf =
                udf((UDF1<String, Integer>) group -> BucketMap.bucketOf(salt, bits, group), DataTypes.IntegerType);
        Iterator<Row> groups = table.rows()
                .groupBy(
                        col(InputTable.REASON),
                        when(col(InputTable.REASON).isNull(), bucketOf.apply(col(InputTable.GROUP))),
                        when(col(InputTable.REASON).isNull(), col(InputTable.STRATUM)))
                .agg(count(lit(1)))
                .toLocalIterator();
        BucketCounts counts = new BucketCounts(bits);
        Map<String, Long> bad = new TreeMap<>();
        try {
            groups.forEachRemaining(row -> {
                if (row.isNullAt(0)) {
                    counts.add(row.getInt(1), row.getString(2), row.getLong(3));
                } else {
                    bad.merge(row.getString(0), row.getLong(3), Long::sum);
                }
            });
        } catch (IllegalArgumentException e) {
            throw new JobFailure("split.stratify: " + e.getMessage(), e);
        }
        if (counts.total() == 0) {
            throw new JobFailure(bad.isEmpty() ? "the input has no rows" : "no row of the input is good: " + bad);
        }
        SplitFractions fractions = SplitFractions.of(split.fractions());
        return new SplitPlan(frozen != null ? frozen : BucketSearch.search(counts, fractions, salt), counts.total());
    }
}
