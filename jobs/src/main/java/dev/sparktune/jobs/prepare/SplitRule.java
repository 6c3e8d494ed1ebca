package dev.sparktune.jobs.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.SplitSizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that decides which split a row is in. The manifest keeps it, and a later run that is given it ({@code split.map}) only
 * looks up: no row moves.
 *
 * @param cuts of the columns that are stratified by quantiles
 */
record SplitRule(BucketMap map, SortedMap<String, List<Double>> cuts, SplitSizes sizes) {
    private static final String MAP = "bucket_map";
    private static final String CUTS = "quantiles";
    private static final String SIZES = "last_hashes";
    private static final int MOST_MANIFEST_BYTES = 64 << 20;

    /** Written among the fields of a manifest. */
    void writeTo(Map<String, Object> manifest) {
        manifest.put(CUTS, cuts);
        manifest.put(SIZES, sizes.toJson());
        manifest.put(MAP, map.toJson());
    }

    /**
     * That of an earlier manifest, or null where the user names none.
     *
     * @throws JobFailure when it was made with other settings than this run's
     */
    static SplitRule frozen(SplitSettings split, Locations locations) throws IOException {
        if (split.map() == null) {
            return null;
        }
        String place = "split.map: " + Redaction.text(split.map());
        try {
            JsonNode manifest = new ObjectMapper().readTree(locations.read(split.map(), MOST_MANIFEST_BYTES));
            SplitRule rule = new SplitRule(
                    BucketMap.fromJson(manifest.path(MAP)),
                    cuts(manifest.path(CUTS)),
                    SplitSizes.fromJson(manifest.path(SIZES)));
            BucketMap map = rule.map();
            same(place, "fractions", map.fractions().asMap(), split.fractions());
            same(place, "salt", map.salt(), split.salt());
            same(place, "sizes", rule.sizes().splits(), new TreeMap<>(split.sizes()).keySet());
            same(place, "quantiles", rule.cuts().keySet(), new TreeMap<>(split.quantiles()).keySet());
            return rule;
        } catch (JsonProcessingException e) {
            throw new JobFailure(place + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new JobFailure(place + ": " + e.getMessage(), e);
        }
    }

    private static void same(String place, String what, Object frozen, Object now) {
        if (!frozen.equals(now)) {
            throw new JobFailure(place + " was made with " + what + " '" + frozen + "', split." + what + " is '" + now
                    + "'; a frozen map keeps its own");
        }
    }

    private static SortedMap<String, List<Double>> cuts(JsonNode json) {
        SortedMap<String, List<Double>> cuts = new TreeMap<>();
        json.fields().forEachRemaining(column -> {
            List<Double> values = new ArrayList<>();
            column.getValue().forEach(value -> values.add(value.doubleValue()));
            cuts.put(column.getKey(), values);
        });
        return cuts;
    }
}
