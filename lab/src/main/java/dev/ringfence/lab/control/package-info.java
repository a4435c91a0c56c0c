/// The lab's one background process: starting it, speaking with it, ending it.
///
/// In: paths of manifests, requests as JSON lines on a Unix socket. Out: progress lines and reports
/// on the same socket. Never here: printing. Start at [LabClient] on the command line's side, at
/// [LabServer] on the process's.
@NullMarked
package dev.ringfence.lab.control;

import org.jspecify.annotations.NullMarked;
