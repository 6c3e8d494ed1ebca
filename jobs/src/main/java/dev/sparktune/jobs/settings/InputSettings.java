package dev.sparktune.jobs.settings;

import java.util.List;
import java.util.Map;

/** {@code input}: the table that a job reads. */
public record InputSettings(
        @Setting(help = "Files or directories, any Hadoop URI or local path; this or input.table.")
        List<String> path,

        @Setting(
                help =
                        "A table or view of Spark's catalogs instead, such as db.reviews. Whether its rows have changed since"
                                + " an earlier run is seen by its files; where Spark knows of none, --overwrite reads it anew.")
        String table,

        @Setting(
                help =
                        "Format of the files. tsv has a header and no quoting; jsonl has a row on each line; json is either that"
                                + " or one array of rows. gz and the other compressions that Hadoop knows are read by the file's name.",
                byDefault = "parquet",
                oneOf = {"parquet", "csv", "tsv", "json", "jsonl"})
        String format,

        @Setting(
                help =
                        "Options of Spark's reader for that format, such as header, sep, quote, multiLine or mergeSchema; they come before what the format says.")
        Map<String, String> options,

        @Setting(
                help =
                        "What the rows are: a table of your own columns; alpaca: instruction, input and output (or response);"
                                + " messages: messages of role and content, or conversations of from and value. The latter two need no"
                                + " templates: templates.dataset is then alpaca or messages of the shipped library.",
                byDefault = "table",
                oneOf = {"table", "alpaca", "messages"})
        String form,

        @Setting(
                help =
                        "A file that is cut short, empty or has not the columns and types of most others: fail before anything"
                                + " is written, or quarantine, which leaves the file out and says so.",
                byDefault = "fail",
                oneOf = {"fail", "quarantine"})
        String onBadFile,

        @Setting(help = "Only the rows for which this Spark SQL condition holds.")
        String where,

        @Setting(
                help =
                        "So many rows, those of the lowest hash of the id. Rows of the same id stay together, so that there are more where the last of them has several.",
                min = 1)
        Long limit,

        @Setting(help = "Column that identifies a row; without one the hash of the whole row does.")
        String id,

        @Setting(help = "Columns that templates see: name to Spark SQL expression; empty takes all as they are.")
        Map<String, String> columns,

        @Setting(
                help =
                        "A table of ids to leave out, as Parquet, CSV with a header, or JSONL: their rows are written nowhere,"
                                + " and no other row moves.")
        String exclude,

        @Setting(
                help =
                        "Column of input.exclude with the ids; without one its only column, or the one named as input.exclude_by.")
        String excludeColumn,

        @Setting(
                help = "Column of the input that the ids of input.exclude are compared with; without one the row's id.")
        String excludeBy,

        @Setting(help = "Name of the data set, for the cards and the column source.", byDefault = "reviews")
        String source,

        @Setting(help = "Licence of the data, for the cards.", byDefault = "unknown")
        String license) {}
