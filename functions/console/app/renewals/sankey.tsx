import { useRef } from 'react';
import { useIntl } from 'react-intl';
import { Link } from 'react-router';
import { T, useText } from '../texts/text.tsx';
import { ClassName, useClassText } from '../ui/license-class.tsx';
import { FolderName, useFolderText } from '../ui/names.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { useWidth } from '../ui/table/use-width.ts';
import { TextLink } from '../ui/text-link.tsx';
import { type Band, comesOf, endsOf, type Flow, layOut, PARTS, type Part } from './flows.ts';

/** The outcome whose rows belong to a part. What was undone or skipped is found by its folder. */
const OUTCOMES: Readonly<Record<Part, { readonly outcome?: string }>> = {
  replaced: { outcome: 'replaced' },
  extended: { outcome: 'extended' },
  asBefore: {},
  shortfall: { outcome: 'shortfall' },
  leftOver: { outcome: 'left-over' },
};
const BLOCK = 10;
/** How far the stump of a license without another reaches, as a share of the width. */
const STUMP = 0.3;
const MOST_SHOWN = 14;
const HEIGHT = 340;

type FlowsProps = {
  readonly flows: readonly Flow[];
  /** Returns the address of the rows that match. */
  readonly rowsAt: (query: Readonly<Record<string, string>>) => string;
};

/** Old licenses at the left, new ones at the right. The table below says the same, and links to the rows. */
export function Sankey({ flows, rowsAt }: FlowsProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const shown = flows.slice(0, MOST_SHOWN);
  return (
    <div className="sankey" ref={frame}>
      <div className="sankey-heads" aria-hidden>
        <span>
          <T id="renewals.ends" />
        </span>
        <span>
          <T id="renewals.comes" />
        </span>
      </div>
      {width > 0 && <SankeyPicture flows={shown} width={width} rowsAt={rowsAt} />}
      {flows.length > shown.length && (
        <p className="muted">
          <T id="renewals.more-flows" values={{ count: flows.length - shown.length }} />
        </p>
      )}
      <PartLegend flows={flows} />
      <FlowTable flows={flows} rowsAt={rowsAt} />
    </div>
  );
}

function SankeyPicture({ flows, width, rowsAt }: FlowsProps & { readonly width: number }) {
  const { formatNumber } = useIntl();
  const classText = useClassText();
  const folderText = useFolderText();
  const { bands, labels, height } = layOut(flows, HEIGHT);
  return (
    <svg aria-hidden width={width} height={height} className="sankey-picture">
      {bands.map((band) => (
        <Link
          key={`${band.flow.id} ${band.part}`}
          tabIndex={-1}
          to={rowsAt({ folder: band.flow.folder, ...OUTCOMES[band.part] })}
          className="sankey-band"
          data-part={band.part}
        >
          <path className="sankey-ribbon" d={ribbon(band, width)} />
          {band.left !== undefined && <rect x={0} y={band.left} width={BLOCK} height={band.height} />}
          {band.right !== undefined && <rect x={width - BLOCK} y={band.right} width={BLOCK} height={band.height} />}
        </Link>
      ))}
      {labels.map(({ flow, top }) => (
        <g key={flow.id} className="sankey-label">
          <text x={0} y={top + LINE}>
            {[formatNumber(endsOf(flow)), folderText(flow.folder), classText(flow.class)].map(isolated).join(' · ')}
          </text>
          <text x={width} y={top + LINE} textAnchor="end">
            {formatNumber(comesOf(flow))}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Encloses a name in the signs that `<bdi>` stands for, which a picture does not have. */
const isolated = (name: string) => `\u2068${name}\u2069`;

/** Where the foot of a label stands below its top. */
const LINE = 20;

/** Returns the outline of a ribbon, or of a stump. A new license that replaces none has neither. */
function ribbon({ left, right, height }: Band, width: number): string {
  if (left === undefined) return '';
  const end = right === undefined ? width * STUMP : width - BLOCK;
  const to = right ?? left;
  const bend = (BLOCK + end) / 2;
  return [
    `M${BLOCK},${left}`,
    `C${bend},${left} ${bend},${to} ${end},${to}`,
    `V${to + height}`,
    `C${bend},${to + height} ${bend},${left + height} ${BLOCK},${left + height}`,
    'Z',
  ].join(' ');
}

function PartLegend({ flows }: Pick<FlowsProps, 'flows'>) {
  const sum = (part: Part) => flows.reduce((all, flow) => all + flow[part], 0);
  return (
    <ul className="count-legend">
      {PARTS.filter((part) => sum(part) > 0).map((part) => (
        <li key={part} className="count-name">
          <span className="sankey-mark" data-part={part} aria-hidden />
          <strong className="number">{sum(part)}</strong> <T id={`renewals.part-${part}`} />
        </li>
      ))}
    </ul>
  );
}

function FlowTable({ flows, rowsAt }: FlowsProps) {
  const text = useText();
  return (
    <details className="twin">
      <summary>
        <T id="renewals.as-table" />
      </summary>
      <SimpleTable
        caption={text('renewals.flows')}
        rows={flows}
        rowKey={({ id }) => id}
        columns={[
          { id: 'folder', head: text('renewals.folder'), cell: ({ folder }) => <FolderName path={folder} /> },
          { id: 'class', head: text('renewals.class'), cell: (flow) => <ClassName of={flow.class} /> },
          { id: 'ends', head: text('renewals.ends'), isNumber: true, cell: endsOf },
          ...PARTS.map((part) => ({
            id: part,
            head: text(`renewals.part-${part}`),
            isNumber: true,
            cell: (flow: Flow) =>
              flow[part] === 0 ? (
                0
              ) : (
                <TextLink to={rowsAt({ folder: flow.folder, ...OUTCOMES[part] })}>{flow[part]}</TextLink>
              ),
          })),
        ]}
      />
    </details>
  );
}
