"""Every way the engine says no, one class each.

    EngineError
    ├── UnsupportedUrl             the database address is not one the engine serves
    ├── CannotOpen                 the database is there but cannot be opened safely
    ├── EngineNotOpen              closed, or closing: nothing was done
    ├── EngineOnAnotherLoop        two event loops at work on one engine at once
    ├── StatementRefused           a statement that would break a promise of the engine
    ├── CannotPrepare              a query whose SQL depends on its values
    ├── NotInUnit                  asked for something that only a unit of work has
    ├── NotInsideUnit              asked for something that must not happen inside a unit
    ├── UnitBelongsToAnotherTask   a child task reached for its parent's open unit
    ├── UnitFinished               the unit was already committed or rolled back by hand
    ├── ReadOnly                   a write through a long read
    ├── UnitAborted                rolled back by the engine; nothing of the unit is stored
    │   ├── UnitTooLong            held longer than the limit
    │   └── UnitLost               the database ended the transaction under it
    ├── WriterBusy                 the writer was not free in time; nothing was done
    ├── SerializationConflict      two transactions could not be put in order; nothing is stored
    ├── CommitFailed               the COMMIT failed; nothing of its group is visible to anyone
    │   ├── CommitUncertain        the connection broke during COMMIT: all of the unit is stored, or nothing
    │   └── DiskFull               no space (or no quota) left
    ├── BackupRefused              this database is copied by its own tools
    └── DatabaseInUse              somebody else has it open, and it must be nobody's for this

`code` is stable and meant for machines; `fields` hold the particulars; `en` and `zh` are sentences for the person who
runs the system. `retryable` is true where the same unit may succeed when simply tried again.
"""

from __future__ import annotations

from typing import ClassVar


class EngineError(Exception):
    """A refusal or failure of the engine."""

    code: ClassVar[str] = "engine.error"
    en: ClassVar[str] = "The database engine failed."
    zh: ClassVar[str] = "数据库引擎出错。"
    retryable: ClassVar[bool] = False

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.sentence("en"))

    def sentence(self, language: str = "en") -> str:
        """The sentence in "zh" or "en", with the particulars filled in."""
        return (self.zh if language.startswith("zh") else self.en).format(**self.fields)

    def __str__(self) -> str:
        return f"{self.sentence('en')} [{self.code}]"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.fields)


def _rebuild(kind: type[EngineError], fields: dict[str, object]) -> EngineError:
    return kind(**fields)


class UnsupportedUrl(EngineError):
    """Not sqlite:///path or postgresql://…; a password in it is not repeated."""

    code = "engine.unsupported_url"
    en = "The database address must be sqlite:///path or postgresql://…; its scheme is {scheme}."
    zh = "数据库地址须为 sqlite:///路径 或 postgresql://…，现在的前缀是 {scheme}。"


class CannotOpen(EngineError):
    """The file or server cannot be opened with the promised guarantees."""

    code = "engine.cannot_open"
    en = "The database {database} cannot be opened: {reason}."
    zh = "无法打开数据库 {database}：{reason}。"


class EngineNotOpen(EngineError):
    """The engine is closed or closing; nothing was done."""

    code = "engine.not_open"
    en = "The database engine is closed."
    zh = "数据库引擎已关闭。"


class EngineOnAnotherLoop(EngineError):
    """Another event loop has work in flight on this engine."""

    code = "engine.another_loop"
    en = "The database engine is at work on another event loop."
    zh = "数据库引擎正被另一个事件循环使用。"


class StatementRefused(EngineError):
    """A statement that would end the engine's transaction or switch off a guarantee."""

    code = "engine.statement_refused"
    en = "This statement belongs to the engine and may not be run by hand: {statement}."
    zh = "该语句只能由引擎执行：{statement}。"


class CannotPrepare(EngineError):
    """A query that must be built anew each time."""

    code = "engine.cannot_prepare"
    en = "This cannot be prepared: {what}. Build the query in the ordinary way."
    zh = "无法预先准备：{what}。请按普通方式构造查询。"


class NotInUnit(EngineError):
    """`after_commit` was called where nothing will be committed."""

    code = "engine.not_in_unit"
    en = "There is no unit of work here."
    zh = "此处没有进行中的工作单元。"


class NotInsideUnit(EngineError):
    """A long read was opened inside a unit of work, which must be short."""

    code = "engine.not_inside_unit"
    en = "This may not be done inside a unit of work."
    zh = "不能在工作单元内进行此操作。"


class UnitBelongsToAnotherTask(EngineError):
    """A task used the database while the unit it was started in is still open."""

    code = "engine.unit_of_another_task"
    en = "This task was started inside a unit of work that is still open in another task."
    zh = "本任务是在另一个任务尚未结束的工作单元中启动的。"


class UnitFinished(EngineError):
    """The unit was committed or rolled back by hand and takes no more statements."""

    code = "engine.unit_finished"
    en = "The unit of work is finished."
    zh = "工作单元已结束。"


class ReadOnly(EngineError):
    """A long read only reads."""

    code = "engine.read_only"
    en = "A long read cannot write."
    zh = "长读取中不能写入。"


class UnitAborted(EngineError):
    """The engine rolled the unit back; nothing of it is stored."""

    code = "engine.unit_aborted"
    en = "The unit of work was rolled back: {reason}."
    zh = "工作单元已回滚：{reason}。"
    retryable = True


class UnitTooLong(UnitAborted):
    """The unit held the writer longer than the limit."""

    code = "engine.unit_too_long"
    en = "The unit of work was rolled back: it was open longer than {limit_s} s."
    zh = "工作单元已回滚：占用超过 {limit_s} 秒。"


class UnitLost(UnitAborted):
    """The database itself ended the transaction the unit was part of."""

    code = "engine.unit_lost"
    en = "The unit of work was rolled back by the database: {reason}."
    zh = "工作单元被数据库回滚：{reason}。"


class WriterBusy(EngineError):
    """The writer (or a connection) did not become free in time; nothing was done."""

    code = "engine.writer_busy"
    en = "The database stayed busy for {waited_s} s."
    zh = "数据库持续繁忙 {waited_s} 秒。"
    retryable = True


class SerializationConflict(EngineError):
    """The server could not put two transactions in order; nothing of this one is stored."""

    code = "engine.serialization_conflict"
    en = "Two units of work collided: {reason}."
    zh = "两个工作单元相互冲突：{reason}。"
    retryable = True


class CommitFailed(EngineError):
    """The COMMIT failed, so nothing of its group is visible.

    After a failed flush no system can say what a power cut at that very moment would leave behind: repeat the unit
    under the same idempotency key.
    """

    code = "engine.commit_failed"
    en = "The changes could not be stored: {reason}."
    zh = "更改未能保存：{reason}。"
    retryable = True


class CommitUncertain(CommitFailed):
    """The answer to COMMIT was lost: all of the unit is stored, or nothing; ask by its idempotency key."""

    code = "engine.commit_uncertain"
    en = "The connection broke while the changes were being stored: {reason}."
    zh = "保存更改时连接中断，结果未知：{reason}。"


class DiskFull(CommitFailed):
    """No space left; reading goes on, and writing resumes as soon as there is space."""

    code = "engine.disk_full"
    en = "The changes could not be stored, the disk is full: {reason}."
    zh = "更改未能保存，磁盘已满：{reason}。"


class BackupRefused(EngineError):
    """PostgreSQL is backed up by pg_dump or by its own archiving."""

    code = "engine.backup_refused"
    en = "This database is backed up with {tool}."
    zh = "此数据库请用 {tool} 备份。"


class DatabaseInUse(EngineError):
    """A server or another program has the database open."""

    code = "engine.database_in_use"
    en = "{database} is in use: stop the server (and timers that run timebank tick) first."
    zh = "{database} 正在使用：请先停止服务器（和运行 timebank tick 的定时器）。"
