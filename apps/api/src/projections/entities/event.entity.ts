import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The archive: every event of the log, known to this build or not. */
@Entity('event')
@Unique('event_id', ['id'])
export class EventEntity {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'event_key' })
  sequence: string;

  @Column('text')
  id: string;

  @Column('text')
  type: string;

  @Column('text')
  noun: string;

  @Column('text', { name: 'subject_id' })
  subjectId: string;

  @Column('timestamptz')
  time: Date;

  @Column('bigint', { name: 'command_sequence' })
  commandSequence: string;

  @Column('text', { name: 'correlation_id' })
  correlationId: string;

  @Column('text')
  actor: string;

  /** The whole CloudEvent. */
  @Column('jsonb')
  body: unknown;
}
