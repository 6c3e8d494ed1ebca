package dev.sparktune.jobs.settings;

import java.net.URI;
import java.net.URISyntaxException;

/** {@code tracking}: who else hears of a run. None of it changes what comes out. */
public record TrackingSettings(
        @Setting(
                help =
                        "MLflow tracking server, http://HOST:PORT, that hears of finetune, pretrain and evaluate; without it nobody does. Credentials are taken from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.",
                operational = true)
        String mlflowUri,

        @Setting(help = "Experiment there; made where it is missing.", byDefault = "sparktune", operational = true)
        String experiment,

        @Setting(
                help = "Name of the run there; without it the last part of output. evaluate adds its own name.",
                operational = true)
        String runName) {

    /** @throws SettingsException for a server that cannot be one */
    public void check() {
        if (mlflowUri == null) {
            return;
        }
        URI uri;
        try {
            uri = new URI(mlflowUri);
        } catch (URISyntaxException e) {
            throw new SettingsException("tracking.mlflow_uri is no URI: " + e.getMessage());
        }
        if (uri.getRawUserInfo() != null) {
            throw new SettingsException("tracking.mlflow_uri must not hold a user or password; give them in"
                    + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw new SettingsException(
                    "tracking.mlflow_uri must be http://HOST:PORT or https://HOST:PORT, but is '" + mlflowUri + "'");
        }
    }
}
