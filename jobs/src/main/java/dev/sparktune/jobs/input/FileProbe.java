package dev.sparktune.jobs.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.sparktune.jobs.run.LocalChecksums;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks at a file: a Parquet file's footer, the header of CSV, the first row of JSON. A compressed text is read to its end,
 * since nothing else tells that it was cut short, and so is a JSON document.
 */
final class FileProbe implements Function<String, FileFacts> {
    private static final long serialVersionUID = 1;
    private static final String CUT_SHORT = "cut short";
    /** Magic numbers and the footer's length. */
    private static final int LEAST_PARQUET_BYTES = 12;

    private final SerializableConfiguration hadoop;
    private final InputFormat format;
    private final Map<String, String> options;

    /** @param options of Spark's reader */
    FileProbe(SerializableConfiguration hadoop, InputFormat format, Map<String, String> options) {
        this.hadoop = hadoop;
        this.format = format;
        this.options = options;
    }

    @Override
    public FileFacts call(String uri) throws IOException {
        Path path = new Path(uri);
        FileSystem fileSystem = path.getFileSystem(hadoop.value());
        LocalChecksums.ignore(fileSystem);
        FileStatus file = fileSystem.getFileStatus(path);
        if (file.getLen() == 0) {
            return FileFacts.bad(uri, "empty (0 bytes)");
        }
        return format == InputFormat.PARQUET ? parquet(uri, fileSystem, file) : text(uri, path);
    }

    private FileFacts parquet(String uri, FileSystem fileSystem, FileStatus file) throws IOException {
        FileFacts noParquet = FileFacts.bad(uri, "no Parquet file, or one that was " + CUT_SHORT);
        if (file.getLen() < LEAST_PARQUET_BYTES) {
            return noParquet;
        }
        // What fails here is the storage: no fault of the file's, and no reason to leave it out.
        try (FSDataInputStream in = fileSystem.open(file.getPath())) {
            in.seek(file.getLen() - 1);
            in.read();
        }
        ParquetReadOptions footerOnly = ParquetReadOptions.builder()
                .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
                .build();
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop.value()), footerOnly)) {
            LinkedHashMap<String, String> columns = new LinkedHashMap<>();
            for (StructField field : new ParquetToSparkSchemaConverter(SQLConf.get())
                    .convert(reader.getFooter().getFileMetaData().getSchema())
                    .fields()) {
                columns.put(key(field.name()), field.dataType().catalogString());
            }
            return FileFacts.good(uri, columns);
        } catch (IOException | RuntimeException e) { // whatever bytes that are no footer make of the parser
            return noParquet;
        }
    }

    private FileFacts text(String uri, Path path) throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(hadoop.value()).getCodec(path);
        try (InputStream in = open(hadoop.value(), path)) {
            FileFacts facts = format == InputFormat.CSV || format == InputFormat.TSV ? lines(uri, in) : json(uri, in);
            if (codec != null) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return facts;
        } catch (JsonProcessingException e) {
            return FileFacts.bad(
                    uri,
                    "its JSON is broken or " + CUT_SHORT + " at line "
                            + e.getLocation().getLineNr());
        } catch (EOFException e) {
            return FileFacts.bad(uri, CUT_SHORT);
        } catch (IOException e) {
            boolean ofCodec = codec != null && (e.getClass() == IOException.class || e instanceof ZipException);
            if (!ofCodec) {
                throw e; // the storage failed, which is no fault of the file's
            }
            return FileFacts.bad(uri, CUT_SHORT + ", or not compressed as its name says");
        }
    }

    /** A file's bytes, decompressed as its name says. */
    static InputStream open(Configuration hadoop, Path path) throws IOException {
        InputStream in = path.getFileSystem(hadoop).open(path);
        CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
        return codec == null ? in : codec.createInputStream(in);
    }

    /** Columns of a line are told apart by their place: a file with others in between would be read askew. */
    private FileFacts lines(String uri, InputStream in) throws IOException {
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        if (Boolean.parseBoolean(options.getOrDefault("header", "false"))) {
            Charset charset = Charset.forName(
                    options.getOrDefault("encoding", options.getOrDefault("charset", StandardCharsets.UTF_8.name())));
            String header = new BufferedReader(new InputStreamReader(in, charset)).readLine();
            String separator = options.getOrDefault("sep", options.getOrDefault("delimiter", ","));
            String[] names = header == null
                    ? new String[0]
                    : header.replace("\uFEFF", "").split(Pattern.quote(separator), -1);
            for (int i = 0; i < names.length; i++) {
                String name = names[i].strip().replaceAll("^\"|\"$", "");
                columns.put(name.isEmpty() ? "column " + (i + 1) : key(name), "field " + (i + 1));
            }
        }
        return FileFacts.good(uri, columns);
    }

    private FileFacts json(String uri, InputStream in) throws IOException {
        boolean document = Boolean.parseBoolean(options.getOrDefault("multiLine", "false"));
        try (JsonParser parser = new JsonFactory().createParser(in)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            if (document) {
                LinkedHashMap<String, String> columns = new LinkedHashMap<>();
                JsonToken first = parser.nextToken();
                if (first == JsonToken.START_ARRAY) {
                    first = parser.nextToken();
                }
                columns = first == JsonToken.START_OBJECT ? firstRow(parser) : columns;
                while (parser.nextToken() != null) {
                    // to its end: Spark would make one broken row of a document that was cut short
                }
                return FileFacts.good(uri, columns);
            }
            try {
                boolean row = parser.nextToken() == JsonToken.START_OBJECT;
                return FileFacts.good(uri, row ? firstRow(parser) : new LinkedHashMap<>());
            } catch (JsonProcessingException e) {
                return FileFacts.good(uri, new LinkedHashMap<>()); // a line that does not parse is a row to set aside
            }
        }
    }

    /** Names and kinds of a row's values; nulls tell nothing. */
    private static LinkedHashMap<String, String> firstRow(JsonParser parser) throws IOException {
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = key(parser.getCurrentName());
            JsonToken value = parser.nextToken();
            parser.skipChildren();
            if (value != JsonToken.VALUE_NULL) {
                columns.put(name, kind(value));
            }
        }
        return columns;
    }

    private static String kind(JsonToken value) {
        return switch (value) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "a text";
        };
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
