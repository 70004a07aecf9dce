"""Static files under hashed names, module imports included."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

__all__ = ["ModuleManifestStorage"]


class ModuleManifestStorage(ManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` too, so that a browser never mixes two releases of a page module."""

    support_js_module_import_aggregation = True
