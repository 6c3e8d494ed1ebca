package dev.sparktune.jobs.input;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.InputSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** The files of {@code input.path}, each looked at before any is read. */
public final class InputFiles {
    /** Column with the text of a line that does not parse; null in others. Only tables of lines have it. */
    public static final String CORRUPT = "_corrupt_record";

    private static final int MOST_NAMED = 5;
    private static final int MOST_PROBES_AT_ONCE = 256;
    private static final int FEW = 16;

    private final SparkSession spark;
    private final InputFormat format;
    private final Map<String, String> options;
    /** What the user named, globs resolved → the files below it. */
    private final Map<Path, List<String>> roots;

    private final List<BadFile> bad;

    private InputFiles(
            SparkSession spark,
            InputFormat format,
            Map<String, String> options,
            Map<Path, List<String>> roots,
            List<BadFile> bad) {
        this.spark = spark;
        this.format = format;
        this.options = options;
        this.roots = roots;
        this.bad = bad;
    }

    /**
     * Lists the files and looks at each; at many, or where that takes reading them, on the executors.
     *
     * @throws JobFailure when there are none, or bad ones and {@code input.on_bad_file} is not quarantine, or only bad ones
     */
    public static InputFiles find(SparkSession spark, InputSettings input) throws IOException {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        Locations locations = new Locations(hadoop);
        Map<Path, List<String>> roots = new TreeMap<>();
        for (String path : input.path()) {
            list(locations, path, roots);
        }
        List<String> files = roots.values().stream().flatMap(List::stream).toList();
        String place = Redaction.text(String.join(", ", input.path()));
        if (files.isEmpty()) {
            throw new JobFailure("input.path: " + place + ": there are no files");
        }
        InputFormat format = InputFormat.named(input.format());
        Map<String, String> options = format.options(input.options());
        if (format == InputFormat.JSON && !options.containsKey("multiLine")) {
            options.put("multiLine", Boolean.toString(isArray(hadoop, files.get(0))));
        }
        if (roots.keySet().stream().anyMatch(root -> nestedWithoutPartitions(root, roots.get(root)))) {
            options.putIfAbsent("recursiveFileLookup", "true");
        }
        List<BadFile> bad = look(spark, hadoop, format, options, files);
        if (!bad.isEmpty() && !input.onBadFile().equals("quarantine")) {
            throw new JobFailure(
                    "input.path: " + bad.size() + " of " + files.size() + " files cannot be read: " + named(bad)
                            + "; input.on_bad_file=quarantine goes on without " + (bad.size() == 1 ? "it" : "them"));
        }
        if (bad.size() == files.size()) {
            throw new JobFailure("input.path: none of the " + files.size() + " files can be read: " + named(bad));
        }
        return new InputFiles(spark, format, options, roots, bad);
    }

    private static String named(List<BadFile> bad) {
        String named = bad.stream()
                .limit(MOST_NAMED)
                .map(file -> Redaction.text(file.toString()))
                .collect(Collectors.joining("; "));
        return bad.size() > MOST_NAMED ? named + "; and " + (bad.size() - MOST_NAMED) + " more" : named;
    }

    private static void list(Locations locations, String uri, Map<Path, List<String>> roots) throws IOException {
        Path path = locations.path(uri);
        FileSystem fileSystem = locations.fileSystem(path);
        FileStatus[] found = fileSystem.globStatus(path);
        if (found == null || found.length == 0) {
            throw new JobFailure("input.path: " + Redaction.text(uri) + ": no such file or directory");
        }
        for (FileStatus root : found) {
            List<String> files = new ArrayList<>();
            RemoteIterator<LocatedFileStatus> below = fileSystem.listFiles(root.getPath(), true);
            while (below.hasNext()) {
                Path file = below.next().getPath();
                if (root.isFile() || !isHidden(relative(root.getPath(), file))) {
                    files.add(file.toString());
                }
            }
            files.sort(null);
            roots.put(root.getPath(), files);
        }
    }

    private static String relative(Path root, Path file) {
        return root.toUri().relativize(file.toUri()).getPath();
    }

    /** As Spark has it: names that begin with a dot, or with _ unless they are a partition's. */
    private static boolean isHidden(String relative) {
        for (String name : relative.split("/")) {
            if (name.startsWith(".") || name.startsWith("_") && !name.contains("=")) {
                return true;
            }
        }
        return false;
    }

    /** Spark would pass over files in directories below, unless these are partitions. */
    private static boolean nestedWithoutPartitions(Path root, List<String> files) {
        return files.stream()
                .map(file -> relative(root, new Path(file)))
                .anyMatch(file -> file.contains("/") && !file.contains("="));
    }

    private static boolean isArray(Configuration hadoop, String file) {
        try (InputStream in = FileProbe.open(hadoop, new Path(file))) {
            int first = in.read();
            while (Character.isWhitespace(first) || first == 0xEF || first == 0xBB || first == 0xBF) {
                first = in.read();
            }
            return first == '[';
        } catch (IOException e) {
            return false; // the look at each file says what is wrong
        }
    }

    private static List<BadFile> look(
            SparkSession spark,
            Configuration hadoop,
            InputFormat format,
            Map<String, String> options,
            List<String> files)
            throws IOException {
        FileProbe probe = new FileProbe(new SerializableConfiguration(hadoop), format, options);
        List<FileFacts> facts = new ArrayList<>();
        if (format == InputFormat.PARQUET && files.size() <= FEW) {
            for (String file : files) {
                facts.add(probe.call(file)); // a footer is read sooner than a task begins
            }
        } else {
            facts.addAll(JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(files, Math.min(files.size(), MOST_PROBES_AT_ONCE))
                    .map(probe)
                    .collect());
        }
        boolean columnsMayDiffer = format == InputFormat.JSON
                || format == InputFormat.JSONL
                || Boolean.parseBoolean(options.getOrDefault("mergeSchema", "false"));
        return FileComparison.badFiles(facts, columnsMayDiffer);
    }

    /** Files that are left out, with {@code input.on_bad_file: quarantine}. */
    public List<BadFile> bad() {
        return bad;
    }

    /** The rows of all others. Lines that do not parse have their text in {@link #CORRUPT}, unless the user chose a mode. */
    public Dataset<Row> rows() {
        if (bad.isEmpty()) {
            return read(Map.of(), roots.keySet().stream().map(Path::toString).toArray(String[]::new));
        }
        Set<String> left = bad.stream().map(BadFile::path).collect(Collectors.toCollection(HashSet::new));
        Dataset<Row> all = null;
        for (Map.Entry<Path, List<String>> root : roots.entrySet()) {
            String[] files = root.getValue().stream()
                    .filter(file -> !left.contains(file))
                    .toArray(String[]::new);
            boolean single = root.getValue().equals(List.of(root.getKey().toString()));
            if (files.length > 0) {
                // so that partition columns are found all the same
                Map<String, String> base =
                        single ? Map.of() : Map.of("basePath", root.getKey().toString());
                Dataset<Row> rows = read(base, files);
                all = all == null ? rows : all.unionByName(rows);
            }
        }
        return all;
    }

    private Dataset<Row> read(Map<String, String> more, String[] paths) {
        DataFrameReader reader =
                spark.read().format(format.sparkName()).options(options).options(more);
        Dataset<Row> table = reader.load(paths);
        if (format == InputFormat.PARQUET || options.containsKey("mode") || table.columns().length == 0) {
            return table;
        }
        StructType schema = table.schema();
        if (!List.of(schema.fieldNames()).contains(CORRUPT)) {
            schema = schema.add(CORRUPT, DataTypes.StringType);
        }
        if (format == InputFormat.TSV && !options.containsKey("nullValue")) {
            // Spark takes a field without a character for null, which a template would print as None.
            return withCorrupt(reader, schema, paths).na().fill("", table.columns());
        }
        return withCorrupt(reader, schema, paths);
    }

    private static Dataset<Row> withCorrupt(DataFrameReader reader, StructType schema, String[] paths) {
        // Without pruning every pass over the file judges a line alike, whichever columns it asks for.
        return reader.option("columnNameOfCorruptRecord", CORRUPT)
                .option("columnPruning", false)
                .schema(schema)
                .load(paths);
    }
}
