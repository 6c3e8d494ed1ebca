package dev.sparktune.jobs.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds the files whose columns are not those of most others. */
final class FileComparison {
    /** File's facts in the order of the paths: of two that are equally frequent, what the first file has is right. */
    private final List<FileFacts> good;
    /** Column → type → how many files have it so. */
    private final Map<String, Map<String, Integer>> types = new TreeMap<>();
    /** Whether a file may lack columns and have others. */
    private final boolean columnsMayDiffer;

    private FileComparison(List<FileFacts> good, boolean columnsMayDiffer) {
        this.good = good;
        this.columnsMayDiffer = columnsMayDiffer;
        for (FileFacts file : good) {
            file.columns().forEach((column, type) -> types.computeIfAbsent(column, c -> new LinkedHashMap<>())
                    .merge(type, 1, Integer::sum));
        }
    }

    /** Files that cannot be read, and those that differ, in the order of the paths. */
    static List<BadFile> badFiles(List<FileFacts> files, boolean columnsMayDiffer) {
        FileComparison comparison = new FileComparison(
                files.stream().filter(file -> file.fault() == null).toList(), columnsMayDiffer);
        List<BadFile> bad = new ArrayList<>();
        for (FileFacts file : files) {
            String reason = file.fault() != null ? file.fault() : comparison.difference(file);
            if (reason != null) {
                bad.add(new BadFile(file.path(), reason));
            }
        }
        return bad;
    }

    /** Null where there is none. */
    private String difference(FileFacts file) {
        Set<String> common = new LinkedHashSet<>();
        types.forEach((column, counts) -> {
            int files = counts.values().stream().mapToInt(Integer::intValue).sum();
            if (2 * files > good.size()
                    || 2 * files == good.size() && good.get(0).columns().containsKey(column)) {
                common.add(column);
            }
        });
        for (Map.Entry<String, String> column : file.columns().entrySet()) {
            String most = mostFrequent(types.get(column.getKey()));
            if (!most.equals(column.getValue())) {
                return "column '" + column.getKey() + "' is " + column.getValue() + ", in most files " + most;
            }
            if (!columnsMayDiffer && !common.contains(column.getKey())) {
                return "most files have no column '" + column.getKey() + "'";
            }
        }
        boolean stranger = !file.columns().isEmpty()
                && !common.isEmpty()
                && common.stream().noneMatch(file.columns()::containsKey);
        for (String column : common) {
            if ((stranger || !columnsMayDiffer) && !file.columns().containsKey(column)) {
                return "there is no column '" + column + "', which most files have";
            }
        }
        return null;
    }

    private static String mostFrequent(Map<String, Integer> counts) {
        String most = null;
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            if (most == null || count.getValue() > counts.get(most)) {
                most = count.getKey();
            }
        }
        return most;
    }
}
