package dev.sparktune.example;

import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;

/** A Parquet file such as all that is written row by row: zstd-compressed, lists as other readers expect them. */
public final class RecordFile {
    private RecordFile() {}

    /**
     * @param seldomRepeated columns whose values hardly occur twice: they get no dictionary
     * @throws IOException when the file exists or cannot be made
     */
    public static ParquetWriter<GenericRecord> create(
            Configuration conf, Path file, Schema schema, List<String> seldomRepeated) throws IOException {
        Configuration lists = withLists(conf);
        return create(
                AvroParquetWriter.<GenericRecord>builder(HadoopOutputFile.fromPath(file, lists))
                        .withSchema(schema)
                        .withDataModel(GenericData.get()),
                lists,
                seldomRepeated);
    }

    /** The same for what is no Avro record. */
    static <T> ParquetWriter<T> create(
            Configuration conf, Path file, WriteSupport<T> support, List<String> seldomRepeated) throws IOException {
        Configuration lists = withLists(conf);
        return create(new Builder<>(HadoopOutputFile.fromPath(file, lists), support), lists, seldomRepeated);
    }

    /**
     * {@code list<element>} of the Parquet standard rather than parquet-avro's older form, which other readers show as a struct.
     */
    private static Configuration withLists(Configuration conf) {
        Configuration lists = new Configuration(conf);
        lists.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        return lists;
    }

    private static <T> ParquetWriter<T> create(
            ParquetWriter.Builder<T, ?> builder, Configuration conf, List<String> seldomRepeated) throws IOException {
        ParquetWriter.Builder<T, ?> writer = builder.withConf(conf).withCompressionCodec(CompressionCodecName.ZSTD);
        for (String column : seldomRepeated) {
            writer = writer.withDictionaryEncoding(column, false);
        }
        return writer.build();
    }

    private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
        private final WriteSupport<T> support;

        Builder(OutputFile file, WriteSupport<T> support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder<T> self() {
            return this;
        }

        @Override
        protected WriteSupport<T> getWriteSupport(Configuration conf) {
            return support;
        }
    }
}
