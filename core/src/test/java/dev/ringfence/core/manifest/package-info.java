/// Tests of reading manifests; texts are inline, hostile ones are generated.
@NullMarked
package dev.ringfence.core.manifest;

import org.jspecify.annotations.NullMarked;
