import Glibc

/// An `errno` in words that say what to do.
struct SystemCause {
    let code: String
    let cause: String
    let hint: String

    init(_ number: Int32) {
        cause = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            code = "disk-full"
            hint = "free some space, or choose a folder on another disk with --folder"
        case EACCES, EPERM:
            code = "not-allowed"
            hint = "the folder or a parent belongs to someone else; choose another with --folder, or run as its owner"
        case EROFS:
            code = "read-only-disk"
            hint = "choose a folder on a writable disk with --folder"
        case ENOTDIR, EEXIST:
            code = "in-the-way"
            hint = "a file is where a folder should be; move it away or choose another folder with --folder"
        case ENAMETOOLONG:
            code = "path-too-long"
            hint = "choose a shorter folder with --folder"
        case EMFILE, ENFILE, EAGAIN, ENOMEM:
            code = "out-of-resources"
            hint = "raise the limit (ulimit -n, ulimit -u) or end other programs"
        default:
            code = "system-error"
            hint = ""
        }
    }
}
