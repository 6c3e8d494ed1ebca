package dev.sparktune.jobs.settings;

import java.util.List;
import java.util.Map;

/** {@code input}: the table that a job reads. */
public record InputSettings(
        @Setting(help = "Files or directories, any Hadoop URI or local path.", required = true)
        List<String> path,

        @Setting(
                help = "Format of the files.",
                byDefault = "parquet",
                oneOf = {"parquet", "csv", "json"})
        String format,

        @Setting(help = "Options of Spark's reader for that format, such as header or sep.")
        Map<String, String> options,

        @Setting(help = "Only the rows for which this Spark SQL condition holds.")
        String where,

        @Setting(help = "At most so many rows, those of the lowest hash of the id.", min = 1)
        Long limit,

        @Setting(help = "Column that identifies a row; without one the hash of the whole row does.")
        String id,

        @Setting(help = "Columns that templates see: name to Spark SQL expression; empty takes all as they are.")
        Map<String, String> columns,

        @Setting(help = "Name of the data set, for the cards and the column source.", byDefault = "reviews")
        String source,

        @Setting(help = "Licence of the data, for the cards.", byDefault = "unknown")
        String license) {}
