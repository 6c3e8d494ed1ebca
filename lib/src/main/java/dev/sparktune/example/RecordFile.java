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
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/** A Parquet file of Avro records as all that is written row by row: zstd-compressed, lists as other readers expect them. */
public final class RecordFile {
    private RecordFile() {}

    /**
     * @param seldomRepeated columns whose values hardly occur twice: they get no dictionary
     * @throws IOException when the file exists or cannot be made
     */
    public static ParquetWriter<GenericRecord> create(
            Configuration conf, Path file, Schema schema, List<String> seldomRepeated) throws IOException {
        Configuration lists = new Configuration(conf);
        // list<element> of the Parquet standard rather than parquet-avro's older form, which other readers show as a
        // struct.
        lists.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        AvroParquetWriter.Builder<GenericRecord> writer = AvroParquetWriter.<GenericRecord>builder(
                        HadoopOutputFile.fromPath(file, lists))
                .withSchema(schema)
                .withDataModel(GenericData.get())
                .withConf(lists)
                .withCompressionCodec(CompressionCodecName.ZSTD);
        for (String column : seldomRepeated) {
            writer.withDictionaryEncoding(column, false);
        }
        return writer.build();
    }
}
